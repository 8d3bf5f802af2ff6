// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.importer.tflite.schema.Activation;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Layout;
import dev.etch.op.Quantization;
import dev.etch.op.QuantizedMultiplier;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.Window;
import dev.etch.tensor.Shape;
import java.util.List;
import java.util.TreeSet;

/**
 * MEAN over neighbouring axes: the exact sum, times the ratio of scales over the number of elements
 * as {@code QuantizedMeanOrSum} rounds it.
 */
final class MeanReader implements OperatorReader {
  private static final int AXES = 1;

  @Override
  public String notes() {
    return "int8 and uint8; neighbouring axes";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(2, 2);
    Quantization input = node.operand(0).perTensor();
    Quantization output = node.result(0).perTensor();
    EightBits.check(input, output);
    Shape shape = node.operand(0).shape();
    TreeSet<Integer> axes = axes(node, shape.rank());
    Shape maps = maps(shape, axes);
    Window window = Window.of(maps.dimension(1), maps.dimension(2));
    Value x = reshaped(node, "maps", node.value(0), maps);
    Value sums = node.emit("sum", new IntegerSumPool2d(window, Layout.NHWC, input.zeroPoint(0)), x);
    int count = maps.dimension(1) * maps.dimension(2);
    Requantize requantize =
        new Requantize(
            List.of(Rescaling.fixedPoint(0, mean(input, output, count), output, Activation.NONE)),
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

  private static TreeSet<Integer> axes(OperatorContext node, int rank) {
    TreeSet<Integer> axes = new TreeSet<>();
    for (int axis : node.numbers(AXES)) {
      axes.add(axis < 0 ? axis + rank : axis);
    }
    boolean inside = !axes.isEmpty() && axes.first() >= 0 && axes.last() < rank;
    if (!inside || axes.last() - axes.first() + 1 != axes.size()) {
      throw new Refusal("it averages over axes " + axes, "average over neighbouring axes");
    }
    return axes;
  }

  /** The operand as [before, averaged, averaged, after]; rows and columns stay what they are. */
  private static Shape maps(Shape shape, TreeSet<Integer> axes) {
    int first = axes.first();
    int end = axes.last() + 1;
    int height = product(shape, first, Math.min(first + 1, end));
    return Shape.of(
        product(shape, 0, first),
        height,
        product(shape, Math.min(first + 1, end), end),
        product(shape, end, shape.rank()));
  }

  private static int product(Shape shape, int from, int to) {
    return shape.dimensions().subList(from, to).stream().reduce(1, Math::multiplyExact);
  }

  private static Value reshaped(OperatorContext node, String role, Value x, Shape shape) {
    return x.type().shape().equals(shape) ? x : node.emit(role, new Reshape(shape.dimensions()), x);
  }
}
