// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.RealQuantizer;
import dev.etch.op.Requantization;
import dev.etch.op.Requantize;
import dev.etch.op.Window;
import dev.etch.tensor.IntegerType;
import java.util.Map;
import java.util.Optional;

/**
 * Finds averages of ONNX whose exact mean often lies half-way between two outputs. ONNX Runtime
 * sums floats there, so that rounding depends on their order, which no arithmetic on the integer
 * sum can follow; see docs/rationale/arithmetic.md, "Average pooling". Scales whose multiples all
 * are exact in float32 (powers of two, for instance) make exact sums, and no difference.
 */
public final class AverageTies {
  /** Bits of a float32's significand. */
  private static final int SIGNIFICAND = 24;

  /** Relative error of a float32 sum of a few elements. */
  private static final double ROUNDING = 0x1p-22;

  private static final long OFTEN = 1024;
  private static final long MOST_SUMS = 1 << 16;

  private AverageTies() {}

  /**
   * Reports the averages of an integer graph whose results would differ from ONNX Runtime's.
   *
   * @param accepted whether the user accepts that: then they are warnings, else errors
   */
  public static void report(Graph graph, boolean accepted, DiagnosticCollector diagnostics) {
    Map<Value, Node> producers = graph.producers();
    for (Node node : graph.nodes()) {
      Node pool = node.inputs().isEmpty() ? null : producers.get(node.inputs().get(0));
      if (node.op() instanceof Requantize requantize
          && pool != null
          && pool.op() instanceof IntegerSumPool2d sum
          && requantize.channels().stream().anyMatch(s -> meets(s, pool, sum))) {
        report(node.location(), accepted, diagnostics);
      }
    }
  }

  private static void report(Location place, boolean accepted, DiagnosticCollector diagnostics) {
    String problem =
        "averages of these scales often lie exactly between two outputs; there ONNX Runtime's"
            + " result depends on the order in which it sums, and about one output in a hundred"
            + " is a step off from it";
    if (accepted) {
      diagnostics.warning(
          place,
          problem,
          "the hardware equals Etch's reference, which rounds the" + " exact mean to even");
    } else {
      diagnostics.error(
          place,
          problem,
          "quantize the pool's output with a scale of its own, or, if"
              + " a step does not matter, say --accept-average-ties");
    }
  }

  private static boolean meets(Requantization staircase, Node pool, IntegerSumPool2d sum) {
    Window window = sum.window();
    int count = window.kernelHeight() * window.kernelWidth();
    IntegerType operand = (IntegerType) pool.inputs().get(0).type().element();
    long largest =
        count
            * Math.max(
                operand.maximum() - sum.inputZeroPoint(), sum.inputZeroPoint() - operand.minimum());
    return Mean.of(staircase)
        .map(mean -> !mean.isExact(largest) && mean.hasTies(count, largest))
        .orElse(false);
  }

  /**
   * A mean that ONNX Runtime sums in float32.
   *
   * @param input scale of what is summed
   * @param output scale of the mean
   */
  private record Mean(float input, float output) {
    static Optional<Mean> of(Requantization staircase) {
      if (staircase instanceof Requantization.Average average) {
        return Optional.of(new Mean(average.inputScale(), average.outputScale()));
      }
      return staircase instanceof Requantization.RealSteps steps
              && steps.quantizer() instanceof RealQuantizer.Linear quantizer
          ? Optional.of(new Mean(steps.scale(), quantizer.scale()))
          : Optional.empty();
    }

    /** Whether every multiple of the input's scale up to {@code largest} is a float32. */
    boolean isExact(long largest) {
      long multiples = Long.SIZE - Long.numberOfLeadingZeros(largest);
      return Long.SIZE - Long.numberOfLeadingZeros(oddPart(input)) + multiples <= SIGNIFICAND;
    }

    /** Whether one sum in a thousand, or more, is half-way as far as float32 tells. */
    boolean hasTies(int count, long largest) {
      double ratio = (double) input / output / count;
      long sums = Math.min(largest, MOST_SUMS);
      long ties = 0;
      for (long sum = 1; sum <= sums; sum++) {
        double mean = sum * ratio;
        if (Math.abs(mean - Math.floor(mean) - 0.5) <= mean * ROUNDING) {
          ties++;
        }
      }
      return ties * OFTEN >= sums;
    }

    /** The odd number that times a power of two is the value. */
    private static long oddPart(float value) {
      long significand = (Float.floatToIntBits(value) & 0x7fffff) | 0x800000;
      return significand >> Long.numberOfTrailingZeros(significand);
    }
  }
}
