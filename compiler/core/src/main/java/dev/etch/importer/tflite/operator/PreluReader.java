// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Lookup;
import dev.etch.op.Quantization;
import dev.etch.op.QuantizedMultiplier;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** PRELU with one constant alpha for each channel of the last axis, or one for all. */
final class PreluReader implements OperatorReader {
  @Override
  public String notes() {
    return "int8 and uint8; one constant alpha for each channel or for all, by table";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(2, 2);
    Quantization input = node.operand(0).perTensor();
    Quantization alpha = node.operand(1).perTensor();
    Quantization output = node.result(0).perTensor();
    EightBits.check(input, alpha, output);
    IntegerTensor alphas = node.constant(1);
    Shape shape = alphas.shape();
    if (shape.rank() > 0 && shape.elements() != shape.dimension(-1)) {
      throw new Refusal(
          "its alpha has shape " + shape, "share it over all axes but the last (shared_axes)");
    }
    double real = (double) input.scale(0) / output.scale(0);
    double product = (double) input.scale(0) * alpha.scale(0) / output.scale(0);
    QuantizedMultiplier above = QuantizedMultiplier.of(real);
    QuantizedMultiplier below = QuantizedMultiplier.of(product);
    List<IntUnaryOperator> functions =
        Arrays.stream(alphas.data())
            .mapToObj(
                a -> function(above, below, a - alpha.zeroPoint(0), input.zeroPoint(0), output))
            .toList();
    int lastAxis = functions.size() == 1 ? 0 : node.operand(0).shape().rank() - 1;
    node.finish(Lookup.perChannel(input.type(), output.type(), functions, lastAxis), node.value(0));
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
