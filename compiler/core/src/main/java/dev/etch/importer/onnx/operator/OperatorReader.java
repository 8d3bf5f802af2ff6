// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

/**
 * Reads one ONNX operator: checks what the node asks for and adds what it means to the graph. A
 * reader has no state. To add an operator, write a reader and list it in {@link OperatorRegistry}.
 */
public interface OperatorReader {

  /** Operands and attributes that the reader understands; a node with others is refused. */
  Signature signature();

  /** What is supported and what is not, in a few words for the operator table; may be empty. */
  String notes();

  /**
   * Reads one node. Every operand exists, none is refused.
   *
   * @throws dev.etch.importer.Refusal if the node asks for what Etch cannot give
   */
  void read(NodeContext node);
}
