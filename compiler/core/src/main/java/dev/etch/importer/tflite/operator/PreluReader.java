// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.Broadcast;
import dev.etch.op.ConstantAxes;
import dev.etch.op.Lookup;
import dev.etch.op.Quantization;
import dev.etch.op.Reshape;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** PRELU with a constant alpha, shared over some axes or over all. */
final class PreluReader implements OperatorReader {
  private static final int MOST_TABLES = 1 << 14;

  @Override
  public String notes() {
    return "int8 and uint8; constant alpha, shared over any axes; by table";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(2, 2);
    Quantization input = node.operand(0).perTensor();
    Quantization alpha = node.operand(1).perTensor();
    Quantization output = node.result(0).perTensor();
    ActivationTypes.checkEightBits(input, alpha, output);
    IntegerTensor alphas = node.constant(1);
    Shape shape = node.operand(0).shape();
    if (!Broadcast.shape(alphas.shape(), shape).equals(shape)) {
      throw new Refusal(
          "its alpha has shape %s, its operand %s".formatted(alphas.shape(), shape),
          "alpha must be shared over whole axes (shared_axes)");
    }
    ConstantAxes axes = ConstantAxes.of(alphas.shape(), shape);
    if (axes.places() > MOST_TABLES) {
      throw new Refusal(
          "its alpha has %d values, more than %d".formatted(axes.places(), MOST_TABLES),
          "share it over rows and columns (shared_axes)");
    }
    // Each step is rounded to float32, unlike in layers with weights.
    float real = input.scale(0) / output.scale(0);
    float product = input.scale(0) * alpha.scale(0) / output.scale(0);
    QuantizedMultiplier above = QuantizedMultiplier.of(real);
    QuantizedMultiplier below = QuantizedMultiplier.of(product);
    List<IntUnaryOperator> functions =
        Arrays.stream(axes.values(alphas))
            .mapToObj(
                a -> function(above, below, a - alpha.zeroPoint(0), input.zeroPoint(0), output))
            .toList();
    if (axes.isOneAxis()) {
      Lookup tables = Lookup.perChannel(input.type(), output.type(), functions, axes.first());
      node.finish(tables, node.value(0));
      return;
    }
    Lookup tables = Lookup.perChannel(input.type(), output.type(), functions, 1);
    Value merged = node.emit("merged", new Reshape(axes.merged()), node.value(0));
    node.finish(new Reshape(shape.dimensions()), node.emit("tables", tables, merged));
  }

  private static IntUnaryOperator function(
      QuantizedMultiplier above,
      QuantizedMultiplier below,
      int alpha,
      int inputZeroPoint,
      Quantization output) {
    return stored -> {
      int x = stored - inputZeroPoint;
      long y = x >= 0 ? above.times(x) : below.times((long) x * alpha);
      return (int) output.type().saturate(y + output.zeroPoint(0));
    };
  }
}
