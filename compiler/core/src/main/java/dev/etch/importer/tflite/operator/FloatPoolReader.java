// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.op.AveragePool2d;
import dev.etch.op.Layout;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Window;

/** AVERAGE_POOL_2D, whose mean leaves padding out, and MAX_POOL_2D of floats. */
final class FloatPoolReader implements OperatorReader {
  private final boolean isMaximum;

  FloatPoolReader(boolean isMaximum) {
    this.isMaximum = isMaximum;
  }

  @Override
  public String notes() {
    return "fused activation; SAME and VALID";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(1, 1);
    Window window = PoolOperands.window(node);
    FloatActivation.finish(
        node,
        PoolOperands.activation(node),
        isMaximum
            ? new MaxPool2d(window, Layout.NHWC)
            : new AveragePool2d(window, Layout.NHWC, false, false),
        node.value(0));
  }
}
