// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

/** Identity: another name for its operand. */
final class IdentityReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(1, 1);
  }

  @Override
  public String notes() {
    return "folds away";
  }

  @Override
  public void read(NodeContext node) {
    node.result(node.operand(0));
  }
}
