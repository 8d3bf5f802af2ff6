// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Requantize;
import dev.etch.op.Window;
import dev.etch.op.requantization.Average;
import dev.etch.op.requantization.DequantizeThenQuantize;
import dev.etch.op.requantization.DoubleProduct;
import dev.etch.op.requantization.ExactAccumulation;
import dev.etch.op.requantization.FixedPoint;
import dev.etch.op.requantization.FloatAccumulation;
import dev.etch.op.requantization.MovedProduct;
import dev.etch.op.requantization.RealQuantizer;
import dev.etch.op.requantization.RealSteps;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.RoundedQuotient;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.op.requantization.ScaleThenShift;
import dev.etch.op.requantization.ShortFixedPoint;
import dev.etch.op.requantization.Steps;
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
    int elements = window.kernelHeight() * window.kernelWidth();
    IntegerType operand = (IntegerType) pool.inputs().get(0).type().element();
    return staircase
        .accept(new Means(elements))
        .map(mean -> mean.ties(operand, sum.inputZeroPoint()))
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
   * @param count of elements
   */
  private record Mean(float input, float output, int count) {
    /** Those of elements of a type. */
    Ties ties(IntegerType operand, int zeroPoint) {
      long most = (long) count * (operand.maximum() - zeroPoint);
      long least = (long) count * (operand.minimum() - zeroPoint);
      return isExact(Math.max(most, -least)) ? new Ties(0, 0) : ties(least, most);
    }

    /** Whether every multiple of the input's scale up to {@code largest} is a float32. */
    private boolean isExact(long largest) {
      long multiples = Long.SIZE - Long.numberOfLeadingZeros(largest);
      return Long.SIZE - Long.numberOfLeadingZeros(oddPart(input)) + multiples <= SIGNIFICAND;
    }

    /** All sums from {@code least} to {@code most}, or those next to 0 if there are too many. */
    private Ties ties(long least, long most) {
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

  /**
   * The mean that ONNX Runtime computes for a staircase behind a pool; none if it sums integers, or
   * if {@link UnequalSums} looks at it.
   */
  private record Means(int elements) implements Requantization.Visitor<Optional<Mean>> {
    @Override
    public Optional<Mean> scaleThenRound(ScaleThenRound form) {
      return Optional.empty();
    }

    @Override
    public Optional<Mean> scaleThenShift(ScaleThenShift form) {
      return Optional.empty();
    }

    @Override
    public Optional<Mean> movedProduct(MovedProduct form) {
      return Optional.empty();
    }

    @Override
    public Optional<Mean> floatAccumulation(FloatAccumulation form) {
      return Optional.empty();
    }

    @Override
    public Optional<Mean> exactAccumulation(ExactAccumulation form) {
      return Optional.empty();
    }

    @Override
    public Optional<Mean> steps(Steps form) {
      return Optional.empty();
    }

    @Override
    public Optional<Mean> dequantizeThenQuantize(DequantizeThenQuantize form) {
      return Optional.empty();
    }

    @Override
    public Optional<Mean> average(Average form) {
      return Optional.of(new Mean(form.inputScale(), form.outputScale(), form.count()));
    }

    @Override
    public Optional<Mean> fixedPoint(FixedPoint form) {
      return Optional.empty();
    }

    @Override
    public Optional<Mean> shortFixedPoint(ShortFixedPoint form) {
      return Optional.empty();
    }

    @Override
    public Optional<Mean> doubleProduct(DoubleProduct form) {
      return Optional.empty();
    }

    @Override
    public Optional<Mean> roundedQuotient(RoundedQuotient form) {
      return Optional.empty();
    }

    @Override
    public Optional<Mean> realSteps(RealSteps form) {
      return form.quantizer() instanceof RealQuantizer.Linear quantizer
          ? Optional.of(new Mean(form.scale(), quantizer.scale(), elements))
          : Optional.empty();
    }
  }
}
