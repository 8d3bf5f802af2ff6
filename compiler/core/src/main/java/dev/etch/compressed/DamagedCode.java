// SPDX-License-Identifier: Apache-2.0
package dev.etch.compressed;

/** Bits are no code of weights; whoever knows the file makes a diagnostic of it. */
public final class DamagedCode extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong, as a part of a sentence: "it ends early". */
  public DamagedCode(String message) {
    super(message, null, false, false);
  }
}
