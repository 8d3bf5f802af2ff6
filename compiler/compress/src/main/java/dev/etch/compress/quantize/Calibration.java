// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.quantize;

import dev.etch.graph.Graph;
import dev.etch.graph.Value;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * What the values of a float graph reach for some items, measured by the reference. No labels are
 * needed.
 *
 * @param items how many are used, at least 1
 * @param percentile part of the elements of each item's values that ranges cover, above 0.5 to 1;
 *     the range of all items is the mean of theirs if it is below 1, else it covers all
 */
public record Calibration(int items, double percentile) {
  /** Smallest and largest element of so many items. */
  public static Calibration ofExtremes(int items) {
    return new Calibration(items, 1);
  }

  public Calibration {
    if (items < 1 || !(percentile > 0.5 && percentile <= 1)) {
      throw new IllegalArgumentException(items + " items, percentile " + percentile);
    }
  }

  /** The ranges of all float values of a graph; {@code source} gives its input for an item. */
  public Map<Value, ActivationRange> ranges(Graph graph, IntFunction<FloatTensor> source) {
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
    seen.forEach((value, elements) -> ranges.put(value, elements.range(percentile)));
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

    ActivationRange range(double percentile) {
      return ActivationRange.of(-below.quantile(percentile), above.quantile(percentile));
    }
  }
}
