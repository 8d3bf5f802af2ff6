// SPDX-License-Identifier: Apache-2.0
package dev.etch.exporter;

/** Something of a graph has no form in ONNX; whoever knows where makes a diagnostic of it. */
final class NotInOnnx extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String help;

  /** What there is not, and what to do. */
  NotInOnnx(String what, String help) {
    super("there is no " + what, null, false, false);
    this.help = help;
  }

  String help() {
    return help;
  }
}
