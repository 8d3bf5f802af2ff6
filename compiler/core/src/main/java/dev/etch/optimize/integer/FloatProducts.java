// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.op.Quantization;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.Steps;
import dev.etch.optimize.integer.ProductCorrections.Correction;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The product of two dequantized integers in float32, then QuantizeLinear, as a staircase of the
 * exact integer product, proved on every pair of operands. Both operands are rounded before they
 * are multiplied, so that next to a tie the result may hang on the factors of a product; the
 * staircase then follows most of the pairs, and {@link #corrections} has the others.
 */
final class FloatProducts {
  private final Quantization left;
  private final Quantization right;
  private final Target target;
  private final long least;
  private final long[] sums;
  private final int[] pairs;

  private FloatProducts(Quantization left, Quantization right, Target target) {
    this.left = left;
    this.right = right;
    this.target = target;
    IntegerType a = left.type();
    IntegerType b = right.type();
    long[] corners =
        LongStream.of(a.minimum(), a.maximum())
            .flatMap(x -> LongStream.of(b.minimum(), b.maximum()).map(y -> product(x, y)))
            .sorted()
            .toArray();
    least = corners[0];
    sums = new long[Math.toIntExact(corners[corners.length - 1] - least + 1)];
    pairs = new int[sums.length];
    visit(this::count);
  }

  /** For operands of at most 8 bits, each with one scale. */
  static FloatProducts of(Dequantized left, Dequantized right, Target target) {
    return new FloatProducts(left.quantization(), right.quantization(), target);
  }

  /** The staircase. */
  Steps staircase() {
    List<Long> edges = new ArrayList<>();
    for (int i = 0; i < sums.length; i++) {
      int level = pairs[i] == 0 ? target.low() : (int) Math.round((double) sums[i] / pairs[i]);
      while (target.low() + edges.size() < level) {
        edges.add(least + i);
      }
    }
    double ratio = (double) left.scale(0) * right.scale(0) / target.scale();
    return new Steps(ratio, target.low(), edges, 0);
  }

  /** The pairs of operands for which {@code staircase} gives another result. */
  List<Correction> corrections(Requantization staircase) {
    List<Correction> corrections = new ArrayList<>();
    visit(
        (a, b, result) -> {
          int steps = result - staircase.apply(product(a, b));
          if (steps != 0) {
            corrections.add(new Correction(a, b, steps));
          }
        });
    return corrections;
  }

  private void count(int a, int b, int result) {
    int index = (int) (product(a, b) - least);
    sums[index] += result;
    pairs[index]++;
  }

  private void visit(Visitor visitor) {
    for (int a = (int) left.type().minimum(); a <= left.type().maximum(); a++) {
      for (int b = (int) right.type().minimum(); b <= right.type().maximum(); b++) {
        int result = target.quantize(left.dequantize(a, 0) * right.dequantize(b, 0));
        visitor.visit(a, b, result);
      }
    }
  }

  private long product(long a, long b) {
    return (a - left.zeroPoint(0)) * (b - right.zeroPoint(0));
  }

  /** Takes a pair of operands and what they give. */
  @FunctionalInterface
  private interface Visitor {
    void visit(int a, int b, int result);
  }
}
