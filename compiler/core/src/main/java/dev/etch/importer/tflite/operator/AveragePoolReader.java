// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Layout;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.Window;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.RoundedQuotient;
import dev.etch.tensor.Shape;
import java.util.List;

/**
 * AVERAGE_POOL_2D: the sum of the stored integers, zero point and all, divided by their number.
 * Under padding that number differs from place to place: then each place of the map has a staircase
 * of its own.
 */
final class AveragePoolReader implements OperatorReader {
  @Override
  public String notes() {
    return "int8, uint8 and int16; fused activation; SAME and VALID";
  }

  @Override
  public void read(OperatorContext node) {
    PoolOperands pool = PoolOperands.of(node);
    Window window = pool.window();
    Value sums = node.emit("sum", new IntegerSumPool2d(window, Layout.NHWC, 0), node.value(0));
    if (!window.isPadded()) {
      int count = window.kernelHeight() * window.kernelWidth();
      node.finish(
          new Requantize(List.of(quotient(pool, count)), 0, pool.quantization().type()), sums);
      return;
    }
    Shape result = sums.type().shape();
    int places = result.dimension(1) * result.dimension(2);
    if (result.dimension(0) != 1) {
      throw new Refusal("a batch of " + result.dimension(0), "convert the model with batch size 1");
    }
    List<Requantization> quotients =
        window
            .elementsInside(
                node.operand(0).shape().dimension(1),
                node.operand(0).shape().dimension(2),
                result.dimension(1),
                result.dimension(2))
            .stream()
            .map(count -> quotient(pool, count))
            .toList();
    Value rows = node.emit("places", new Reshape(List.of(places, result.dimension(3))), sums);
    Value means =
        node.emit("means", new Requantize(quotients, 0, pool.quantization().type()), rows);
    node.finish(new Reshape(result.dimensions()), means);
  }

  private static Requantization quotient(PoolOperands pool, int count) {
    return new RoundedQuotient(count, pool.range().low(), pool.range().high());
  }
}
