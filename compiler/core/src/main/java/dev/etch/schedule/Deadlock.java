// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.diagnostic.CompilerBug;

/** Nothing can move any more: queues are too shallow. */
final class Deadlock extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Deadlock(String message) {
    super(message);
  }

  CompilerBug asBug() {
    return new CompilerBug(getMessage(), this);
  }
}
