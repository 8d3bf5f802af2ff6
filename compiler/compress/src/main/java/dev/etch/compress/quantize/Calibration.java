// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.quantize;

import dev.etch.graph.Graph;
import dev.etch.graph.Value;
import dev.etch.op.Quantization;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * What the values of a float graph reach for some items, measured by the reference. No labels are
 * needed.
 *
 * @param items how many are used, at least 1
 * @param percentile part of the elements of each item's values that ranges cover, above 0.5 to 1;
 *     the range of all items is the mean of theirs if it is below 1, else it covers all
 * @param rule how a range is chosen of what is covered
 */
public record Calibration(int items, double percentile, RangeRule rule) {
  /** Smallest and largest element of so many items. */
  public static Calibration ofExtremes(int items) {
    return new Calibration(items, 1, RangeRule.COVERED);
  }

  public Calibration {
    if (items < 1 || !(percentile > 0.5 && percentile <= 1)) {
      throw new IllegalArgumentException(items + " items, percentile " + percentile);
    }
    Objects.requireNonNull(rule);
  }

  /** The same with fewer items, if there are no more. */
  public Calibration of(int count) {
    return new Calibration(count, percentile, rule);
  }

  /**
   * The ranges of all float values of a graph.
   *
   * @param source its input for an item
   * @param quantizer the integers that a range leads to
   */
  Map<Value, ActivationRange> ranges(
      Graph graph,
      IntFunction<FloatTensor> source,
      Function<ActivationRange, Quantization> quantizer) {
    Interpreter interpreter = new Interpreter(graph);
    Map<Value, Seen> seen = new LinkedHashMap<>();
    for (int item = 0; item < items; item++) {
      Map<Value, Tensor> values = interpreter.runAll(List.of(source.apply(item)));
      values.forEach(
          (value, tensor) -> {
            if (tensor instanceof FloatTensor floats && graph.constant(value).isEmpty()) {
              seen.computeIfAbsent(value, v -> new Seen()).add(floats.data());
            }
          });
    }
    Map<Value, ActivationRange> ranges = new LinkedHashMap<>();
    seen.forEach((value, elements) -> ranges.put(value, elements.range(this, quantizer)));
    return ranges;
  }

  /** Elements of a value: those below 0 and those above it. */
  private static final class Seen {
    private final MagnitudeHistogram below = new MagnitudeHistogram();
    private final MagnitudeHistogram above = new MagnitudeHistogram();

    void add(float[] data) {
      for (float element : data) {
        below.add(Math.max(0, -element));
        above.add(Math.max(0, element));
      }
    }

    ActivationRange range(
        Calibration calibration, Function<ActivationRange, Quantization> quantizer) {
      double percentile = calibration.percentile();
      ActivationRange covered =
          ActivationRange.of(-below.quantile(percentile), above.quantile(percentile));
      return calibration.rule().choose(covered, range -> error(quantizer.apply(range)));
    }

    private double error(Quantization quantization) {
      return below.sum(magnitude -> squaredError(-magnitude, quantization))
          + above.sum(magnitude -> squaredError(magnitude, quantization));
    }

    private static double squaredError(double element, Quantization quantization) {
      int integer = quantization.quantize((float) element, 0);
      double error = element - quantization.dequantize(integer, 0);
      return error * error;
    }
  }
}
