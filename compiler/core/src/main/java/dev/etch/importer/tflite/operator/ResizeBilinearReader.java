// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.BilinearResize2d;
import dev.etch.op.BilinearResize2d.Mix;
import dev.etch.op.Layout;
import dev.etch.op.Quantization;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.RoundedQuotient;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * RESIZE_BILINEAR of int8, in integers: places have 10 fraction bits, and the sum of four products
 * is divided by 2^20, ties away from zero. TFLite {@code ResizeBilinearInteger}.
 */
final class ResizeBilinearReader implements OperatorReader {
  private static final int SIZE = 1;
  // Fields of ResizeBilinearOptions; the first two are the size in old models.
  private static final int ALIGN_CORNERS = 2;
  private static final int HALF_PIXEL_CENTERS = 3;
  private static final int LARGEST = 1 << 12;
  private static final int ONE = 1 << 10;
  private static final float HALF = 0.5f;

  /** With weights of so few parts, all products and sums of bytes are float32. */
  private static final int FEW = 1 << 7;

  private static final int SUM_BITS = 31;

  @Override
  public String notes() {
    return "int8; int16 and uint8 where weights are small binary fractions, as with a factor of 2; constant "
        + "size; aligned corners, half-pixel centers";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(2, 2);
    Quantizations.requireEqual(node, 0);
    Quantization quantization = node.operand(0).perTensor();
    Shape input = node.operand(0).shape();
    List<Integer> size = node.numbers(SIZE);
    boolean fits =
        input.rank() == 4
            && size.size() == 2
            && size.stream().allMatch(extent -> extent >= 1 && extent <= LARGEST);
    if (!fits) {
      throw new Refusal(
          "size %s from %s".formatted(size, input), "resize [batch, rows, columns, channels]");
    }
    List<Mix> rows = mixes(node, input.dimension(1), size.get(0));
    List<Mix> columns = mixes(node, input.dimension(2), size.get(1));
    int rowDivisor = divisor(rows);
    int columnDivisor = divisor(columns);
    BilinearResize2d resize =
        new BilinearResize2d(
            Layout.NHWC,
            0,
            divided(rows, rowDivisor),
            ONE / rowDivisor,
            divided(columns, columnDivisor),
            ONE / columnDivisor);
    int low = (int) quantization.type().minimum();
    int high = (int) quantization.type().maximum();
    Value sum = node.emit("mixed", resize, node.value(0));
    // Dividing weights and divisor alike changes neither the quotient nor its ties.
    int divisor = resize.rowUnit() * resize.columnUnit();
    if (quantization.type().bits() + Integer.numberOfTrailingZeros(divisor) > SUM_BITS) {
      throw new Refusal(
          "%s elements from %s to %s, whose weights are fractions of %d"
              .formatted(quantization.type(), input, size, divisor),
          "sums must have 31 bits: use a factor that is a power of two, or int8");
    }
    node.finish(
        new Requantize(List.of(new RoundedQuotient(divisor, low, high)), 0, quantization.type()),
        sum);
  }

  private static List<Mix> mixes(OperatorContext node, int from, int to) {
    return node.operand(0).type().element().equals(IntegerType.UINT8)
        ? mixesInFloat(node, from, to)
        : mixesInSteps(node, from, to);
  }

  /** In float32, which is exact if the weights are small binary fractions, and else is refused. */
  private static List<Mix> mixesInFloat(OperatorContext node, int from, int to) {
    boolean aligns = node.options().bool(ALIGN_CORNERS) && to > 1;
    boolean isHalf = node.options().bool(HALF_PIXEL_CENTERS);
    float scale = aligns ? (from - 1f) / (to - 1) : (float) from / to;
    List<Mix> mixes = new ArrayList<>();
    for (int i = 0; i < to; i++) {
      float place = isHalf ? (i + HALF) * scale - HALF : i * scale;
      int lower = Math.max((int) Math.floor(place), 0);
      int upper = Math.min((int) Math.ceil(place), from - 1);
      float steps = (place - lower) * FEW;
      if (upper > lower && steps != (int) steps) {
        throw new Refusal(
            "%d uint8 elements of an axis become %d".formatted(from, to),
            "TFLite mixes uint8 in float32, whose roundings decide ties: use a factor that is a"
                + " power of two, or int8");
      }
      mixes.add(
          upper <= lower
              ? new Mix(lower, lower, 0)
              : new Mix(lower, upper, (int) steps * (ONE / FEW)));
    }
    return mixes;
  }

  private static List<Mix> mixesInSteps(OperatorContext node, int from, int to) {
    boolean aligns = node.options().bool(ALIGN_CORNERS) && to > 1;
    boolean isHalf = node.options().bool(HALF_PIXEL_CENTERS);
    int scale = aligns ? (ONE * (from - 1) + (to - 1) / 2) / (to - 1) : (ONE * from + to / 2) / to;
    List<Mix> mixes = new ArrayList<>();
    for (int i = 0; i < to; i++) {
      int place = i * scale + (isHalf ? scale / 2 - ONE / 2 : 0);
      int lower = Math.max(place / ONE, 0);
      int upper = Math.min((place + ONE - 1) / ONE, from - 1);
      if (lower >= from) {
        throw new Refusal(
            "%d elements of an axis become %d".formatted(from, to),
            "TFLite's kernel reads beyond the operand there: use a smaller size");
      }
      mixes.add(
          upper <= lower ? new Mix(lower, lower, 0) : new Mix(lower, upper, place - ONE * lower));
    }
    return mixes;
  }

  /** The largest power of two that divides every weight and the unit. */
  private static int divisor(List<Mix> mixes) {
    int bits = mixes.stream().mapToInt(Mix::weight).reduce(ONE, (a, b) -> a | b);
    return Integer.lowestOneBit(bits);
  }

  private static List<Mix> divided(List<Mix> mixes, int divisor) {
    return mixes.stream()
        .map(mix -> new Mix(mix.first(), mix.second(), mix.weight() / divisor))
        .toList();
  }
}
