// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

/** Turns one TFLite operator into nodes of the graph. */
public interface OperatorReader {
  /** Which forms of the operator are read, in a few words for the table of operators. */
  String notes();

  /**
   * Reads an operator and defines its results.
   *
   * @throws dev.etch.importer.Refusal if it cannot be read
   * @throws dev.etch.op.OperatorException if the operands do not fit
   */
  void read(OperatorContext node);
}
