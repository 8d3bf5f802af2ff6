// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.op.Layout;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.FixedPoint;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.op.requantization.Requantization;
import java.util.List;

/** MAX_POOL_2D on integers; a fused activation is a clamp behind it. */
final class MaxPoolReader implements OperatorReader {
  @Override
  public String notes() {
    return "int8, uint8 and int16; fused activation; SAME and VALID";
  }

  @Override
  public void read(OperatorContext node) {
    PoolOperands pool = PoolOperands.of(node);
    MaxPool2d maximum = new MaxPool2d(pool.window(), Layout.NHWC);
    if (pool.isUnclamped()) {
      node.finish(maximum, node.value(0));
      return;
    }
    Requantization clamp =
        new FixedPoint(0, QuantizedMultiplier.ONE, 0, pool.range().low(), pool.range().high());
    node.finish(
        new Requantize(List.of(clamp), 0, pool.quantization().type()),
        node.emit("maximum", maximum, node.value(0)));
  }
}
