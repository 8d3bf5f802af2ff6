// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Layout;
import dev.etch.op.Requantization;
import dev.etch.op.Requantize;
import dev.etch.op.RoundedAveragePool2d;
import dev.etch.op.Window;
import java.util.List;

/**
 * AVERAGE_POOL_2D: the sum of the stored integers, zero point and all, divided by their number.
 * Under padding that number differs from place to place, which is not one staircase, so it stays
 * one operator there.
 */
final class AveragePoolReader implements OperatorReader {
  @Override
  public String notes() {
    return "int8 and uint8; fused activation; SAME and VALID";
  }

  @Override
  public void read(OperatorContext node) {
    PoolOperands pool = PoolOperands.of(node);
    Window window = pool.window();
    if (window.isPadded()) {
      node.finish(
          new RoundedAveragePool2d(window, Layout.NHWC, pool.range().low(), pool.range().high()),
          node.value(0));
      return;
    }
    Value sums = node.emit("sum", new IntegerSumPool2d(window, Layout.NHWC, 0), node.value(0));
    int count = window.kernelHeight() * window.kernelWidth();
    Requantization quotient =
        new Requantization.RoundedQuotient(count, pool.range().low(), pool.range().high());
    node.finish(new Requantize(List.of(quotient), 0, pool.quantization().type()), sums);
  }
}
