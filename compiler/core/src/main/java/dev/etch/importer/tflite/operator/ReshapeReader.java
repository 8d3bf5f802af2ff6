// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.op.Reshape;

/**
 * RESHAPE, SQUEEZE, EXPAND_DIMS: the same elements in the shape that the file states; a second
 * operand, even a computed one, only says it once more.
 */
final class ReshapeReader implements OperatorReader {
  @Override
  public String notes() {
    return "static shapes";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(1, 2);
    Quantizations.requireEqual(node, 0);
    node.finish(new Reshape(node.result(0).shape().dimensions()), node.value(0));
  }
}
