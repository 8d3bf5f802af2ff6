// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.driver;

import dev.etch.op.Dequantize;
import dev.etch.op.Op;
import dev.etch.op.Quantization;
import dev.etch.op.requantization.FloatFunction;
import dev.etch.templates.SafeText;
import dev.etch.templates.driver.HostStep.ArrayType;
import dev.etch.templates.driver.HostStep.Method;
import dev.etch.templates.driver.HostStep.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Functions of one number behind a Dequantize of a narrow integer: together a table, so that the
 * driver needs none of their arithmetic.
 *
 * @param quantization per tensor, of at most 8 bits
 * @param functions first to last
 */
record HostTable(Quantization quantization, List<FloatFunction> functions) {
  private static final int MOST_BITS = 8;

  /** The empty chain behind an operator, if that is a Dequantize of narrow integers. */
  static Optional<HostTable> behind(Op op) {
    return op instanceof Dequantize dequantize
            && dequantize.quantization().isPerTensor()
            && dequantize.quantization().type().bits() <= MOST_BITS
        ? Optional.of(new HostTable(dequantize.quantization(), List.of()))
        : Optional.empty();
  }

  /** The chain with one more operator, if that is a function of one number. */
  Optional<HostTable> then(Op op) {
    if (!(op instanceof FloatFunction function)) {
      return Optional.empty();
    }
    List<FloatFunction> longer = new ArrayList<>(functions);
    longer.add(function);
    return Optional.of(new HostTable(quantization, longer));
  }

  /** The call that computes the Dequantize and all functions. */
  HostStep step(int index) {
    int minimum = Math.toIntExact(quantization.type().minimum());
    List<Float> numbers =
        IntStream.range(0, 1 << quantization.type().bits())
            .mapToObj(i -> number(minimum + i))
            .toList();
    return new HostStep(
        index,
        Method.LOOK_UP,
        ArrayType.FLOATS,
        List.of(HostProgram.table(TableName.NUMBERS, numbers)),
        List.of(SafeText.javaInt(minimum)));
  }

  private float number(int integer) {
    float number = quantization.dequantize(integer, 0);
    for (FloatFunction function : functions) {
      number = function.apply(number);
    }
    return number;
  }
}
