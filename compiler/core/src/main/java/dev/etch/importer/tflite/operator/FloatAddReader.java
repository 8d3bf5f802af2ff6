// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.op.Add;

/** ADD of floats. */
final class FloatAddReader implements OperatorReader {
  private static final int ACTIVATION = 0;

  @Override
  public String notes() {
    return "fused activation; broadcasting";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(2, 2);
    FloatActivation.finish(
        node, node.options().activation(ACTIVATION), new Add(), node.value(0), node.value(1));
  }
}
