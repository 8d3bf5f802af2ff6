// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Requantize;
import dev.etch.op.Window;
import dev.etch.op.requantization.Average;
import dev.etch.op.requantization.RealQuantizer;
import dev.etch.op.requantization.RealSteps;
import dev.etch.op.requantization.Requantization;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds averages of ONNX whose exact mean can lie half-way between two outputs. ONNX Runtime sums
 * floats there, so that rounding depends on their order, which no arithmetic on the integer sum can
 * follow; see docs/rationale/arithmetic.md, "Average pooling". Scales whose multiples all are exact
 * in float32 (powers of two, for instance) make exact sums, and no difference.
 */
final class AverageTies {
  /** Bits of a float32's significand. */
  private static final int SIGNIFICAND = 24;

  /** Relative error of a float32 sum of a few elements. */
  private static final double ROUNDING = 0x1p-22;

  private static final long MOST_SUMS = 1 << 16;

  private AverageTies() {}

  /** The averages of an integer graph whose results can differ from ONNX Runtime's. */
  static List<Deviation> in(Graph graph) {
    Map<Value, Node> producers = graph.producers();
    List<Deviation> found = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (!(node.op() instanceof Requantize requantize)) {
        continue;
      }
      Node pool = SummingNode.of(node, producers);
      if (pool != null && pool.op() instanceof IntegerSumPool2d sum) {
        requantize.channels().stream()
            .distinct()
            .map(staircase -> ties(staircase, pool, sum))
            .filter(ties -> ties.count() > 0)
            .findFirst()
            .ifPresent(ties -> found.add(deviation(node, ties)));
      }
    }
    return found;
  }

  private static Deviation deviation(Node node, Ties ties) {
    return new Deviation(
        node.location(),
        String.format(
            Locale.ROOT,
            "%,d of the %,d sums that this average can have lie half-way between two outputs, where"
                + " ONNX Runtime rounds by the order in which it sums floats; Etch rounds the exact"
                + " mean to even, and differs by one step at most",
            ties.count(),
            ties.sums()),
        "quantize the pool's output with a scale of its own, or with powers of two");
  }

  private static Ties ties(Requantization staircase, Node pool, IntegerSumPool2d sum) {
    Window window = sum.window();
    int count =
        staircase instanceof Average average
            ? average.count()
            : window.kernelHeight() * window.kernelWidth();
    IntegerType operand = (IntegerType) pool.inputs().get(0).type().element();
    long most = (long) count * (operand.maximum() - sum.inputZeroPoint());
    long least = (long) count * (operand.minimum() - sum.inputZeroPoint());
    return Mean.of(staircase)
        .filter(mean -> !mean.isExact(Math.max(most, -least)))
        .map(mean -> mean.ties(count, least, most))
        .orElse(new Ties(0, 0));
  }

  /**
   * How many sums are half-way as far as float32 tells.
   *
   * @param count of them
   * @param sums that were looked at
   */
  private record Ties(long count, long sums) {}

  /**
   * A mean that ONNX Runtime sums in float32.
   *
   * @param input scale of what is summed
   * @param output scale of the mean
   */
  private record Mean(float input, float output) {
    static Optional<Mean> of(Requantization staircase) {
      if (staircase instanceof Average average) {
        return Optional.of(new Mean(average.inputScale(), average.outputScale()));
      }
      return staircase instanceof RealSteps steps
              && steps.quantizer() instanceof RealQuantizer.Linear quantizer
          ? Optional.of(new Mean(steps.scale(), quantizer.scale()))
          : Optional.empty();
    }

    /** Whether every multiple of the input's scale up to {@code largest} is a float32. */
    boolean isExact(long largest) {
      long multiples = Long.SIZE - Long.numberOfLeadingZeros(largest);
      return Long.SIZE - Long.numberOfLeadingZeros(oddPart(input)) + multiples <= SIGNIFICAND;
    }

    /** All sums from {@code least} to {@code most}, or those next to 0 if there are too many. */
    Ties ties(int count, long least, long most) {
      double ratio = (double) input / output / count;
      long from = Math.max(least, -MOST_SUMS);
      long to = Math.min(most, MOST_SUMS);
      long ties = 0;
      for (long sum = from; sum <= to; sum++) {
        double mean = sum * ratio;
        if (Math.abs(mean - Math.floor(mean) - 0.5) <= Math.abs(mean) * ROUNDING) {
          ties++;
        }
      }
      return new Ties(ties, to - from + 1);
    }

    /** The odd number that times a power of two is the value. */
    private static long oddPart(float value) {
      long significand = (Float.floatToIntBits(value) & 0x7fffff) | 0x800000;
      return significand >> Long.numberOfTrailingZeros(significand);
    }
  }
}
