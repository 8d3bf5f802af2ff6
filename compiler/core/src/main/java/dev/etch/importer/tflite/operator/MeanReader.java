// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.tflite.schema.Activation;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Layout;
import dev.etch.op.Quantization;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.tensor.Shape;
import java.util.List;

/**
 * MEAN over any axes, which are brought together first: the exact sum, times the ratio of scales
 * over the number of elements as {@code QuantizedMeanOrSum} rounds it.
 */
final class MeanReader implements OperatorReader {
  @Override
  public String notes() {
    return "int8, uint8 and int16; any axes";
  }

  @Override
  public void read(OperatorContext node) {
    Quantization input = node.operand(0).perTensor();
    Quantization output = node.result(0).perTensor();
    ActivationTypes.check(input, output);
    ReducedMaps reduced = ReducedMaps.of(node);
    IntegerSumPool2d sum = new IntegerSumPool2d(reduced.window(), Layout.NHWC, input.zeroPoint(0));
    Value sums = node.emit("sum", sum, reduced.maps());
    Requantize requantize =
        new Requantize(
            List.of(
                Rescaling.fixedPoint(
                    0, mean(input, output, reduced.count()), output, Activation.NONE)),
            0,
            output.type());
    Shape result = node.result(0).shape();
    if (result.equals(sums.type().shape())) {
      node.finish(requantize, sums);
    } else {
      Value means = node.emit("mean", requantize, sums);
      node.finish(new Reshape(result.dimensions()), means);
    }
  }

  /** The ratio of scales with the division by {@code count} folded in. */
  private static QuantizedMultiplier mean(Quantization input, Quantization output, int count) {
    QuantizedMultiplier ratio = QuantizedMultiplier.of((double) input.scale(0) / output.scale(0));
    int shift = Math.min(31 - Integer.numberOfLeadingZeros(count), 31 + ratio.shift());
    long multiplier = ((long) ratio.multiplier() << shift) / count;
    return new QuantizedMultiplier((int) multiplier, ratio.shift() - shift);
  }
}
