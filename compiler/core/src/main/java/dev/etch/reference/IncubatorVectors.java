// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.op.requantization.FixedPoint;
import dev.etch.op.requantization.ScaleThenRound;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Vectors} on the incubating Vector API, the only class that uses it.
 *
 * <p>Eight outputs by two vectors of elements are 16 sums, two vectors of inputs and a weight, for
 * the 32 registers of AVX-512; four by two for the 16 of AVX2. Either has enough independent sums
 * for two multiply-adds a cycle. All vectors are local variables of one method: HotSpot's C2 then
 * keeps them in registers.
 */
final class IncubatorVectors implements Vectors {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTEGERS = IntVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final VectorShuffle<Float> EVEN =
      VectorShuffle.fromOp(SPECIES, i -> 2 * i & (LANES - 1));
  private static final VectorMask<Float> UPPER_HALF =
      VectorMask.fromLong(SPECIES, -1L << (LANES / 2) & ((1L << LANES) - 1));

  /** Vectors of elements that are computed together. */
  private static final int TILE = 2;

  /** Vectors of elements of one output that are computed together. */
  private static final int SINGLE_TILE = 4;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public List<Integer> blockSizes() {
    return LANES >= 16 ? List.of(8, 4, 1) : List.of(4, 1);
  }

  @Override
  public int padded(int length) {
    return (vectors(length) + SINGLE_TILE - 1) * LANES;
  }

  private static int vectors(int length) {
    return (length + LANES - 1) / LANES;
  }

  @Override
  public void multiply(
      WeightBlock block, float[] x, float[] biases, float[][] y, int base, int begin, int end) {
    for (int at = begin; at < end; at += tile(block) * LANES) {
      switch (block.outputs()) {
        case 8 -> eight(block, x, at, y, base, biases);
        case 4 -> four(block, x, at, y, base, biases);
        default -> one(block, x, at, y, base, biases);
      }
    }
  }

  private static int tile(WeightBlock block) {
    return block.outputs() == 1 ? SINGLE_TILE : TILE;
  }

  private static void eight(
      WeightBlock block, float[] x, int at, float[][] y, int base, float[] biases) {
    int[] inputs = block.inputs();
    float[] weights = block.weights();
    int first = block.firstOutput();
    FloatVector a0 = FloatVector.broadcast(SPECIES, biases[first]);
    FloatVector b0 = FloatVector.broadcast(SPECIES, biases[first + 1]);
    FloatVector c0 = FloatVector.broadcast(SPECIES, biases[first + 2]);
    FloatVector d0 = FloatVector.broadcast(SPECIES, biases[first + 3]);
    FloatVector e0 = FloatVector.broadcast(SPECIES, biases[first + 4]);
    FloatVector f0 = FloatVector.broadcast(SPECIES, biases[first + 5]);
    FloatVector g0 = FloatVector.broadcast(SPECIES, biases[first + 6]);
    FloatVector h0 = FloatVector.broadcast(SPECIES, biases[first + 7]);
    FloatVector a1 = a0;
    FloatVector b1 = b0;
    FloatVector c1 = c0;
    FloatVector d1 = d0;
    FloatVector e1 = e0;
    FloatVector f1 = f0;
    FloatVector g1 = g0;
    FloatVector h1 = h0;
    for (int k = 0; k < inputs.length; k++) {
      int from = inputs[k] + at;
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, from);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, from + LANES);
      FloatVector weight = FloatVector.broadcast(SPECIES, weights[8 * k]);
      a0 = x0.fma(weight, a0);
      a1 = x1.fma(weight, a1);
      weight = FloatVector.broadcast(SPECIES, weights[8 * k + 1]);
      b0 = x0.fma(weight, b0);
      b1 = x1.fma(weight, b1);
      weight = FloatVector.broadcast(SPECIES, weights[8 * k + 2]);
      c0 = x0.fma(weight, c0);
      c1 = x1.fma(weight, c1);
      weight = FloatVector.broadcast(SPECIES, weights[8 * k + 3]);
      d0 = x0.fma(weight, d0);
      d1 = x1.fma(weight, d1);
      weight = FloatVector.broadcast(SPECIES, weights[8 * k + 4]);
      e0 = x0.fma(weight, e0);
      e1 = x1.fma(weight, e1);
      weight = FloatVector.broadcast(SPECIES, weights[8 * k + 5]);
      f0 = x0.fma(weight, f0);
      f1 = x1.fma(weight, f1);
      weight = FloatVector.broadcast(SPECIES, weights[8 * k + 6]);
      g0 = x0.fma(weight, g0);
      g1 = x1.fma(weight, g1);
      weight = FloatVector.broadcast(SPECIES, weights[8 * k + 7]);
      h0 = x0.fma(weight, h0);
      h1 = x1.fma(weight, h1);
    }
    store(a0, a1, y[base + first], at);
    store(b0, b1, y[base + first + 1], at);
    store(c0, c1, y[base + first + 2], at);
    store(d0, d1, y[base + first + 3], at);
    store(e0, e1, y[base + first + 4], at);
    store(f0, f1, y[base + first + 5], at);
    store(g0, g1, y[base + first + 6], at);
    store(h0, h1, y[base + first + 7], at);
  }

  private static void four(
      WeightBlock block, float[] x, int at, float[][] y, int base, float[] biases) {
    int[] inputs = block.inputs();
    float[] weights = block.weights();
    int first = block.firstOutput();
    FloatVector a0 = FloatVector.broadcast(SPECIES, biases[first]);
    FloatVector b0 = FloatVector.broadcast(SPECIES, biases[first + 1]);
    FloatVector c0 = FloatVector.broadcast(SPECIES, biases[first + 2]);
    FloatVector d0 = FloatVector.broadcast(SPECIES, biases[first + 3]);
    FloatVector a1 = a0;
    FloatVector b1 = b0;
    FloatVector c1 = c0;
    FloatVector d1 = d0;
    for (int k = 0; k < inputs.length; k++) {
      int from = inputs[k] + at;
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, from);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, from + LANES);
      FloatVector weight = FloatVector.broadcast(SPECIES, weights[4 * k]);
      a0 = x0.fma(weight, a0);
      a1 = x1.fma(weight, a1);
      weight = FloatVector.broadcast(SPECIES, weights[4 * k + 1]);
      b0 = x0.fma(weight, b0);
      b1 = x1.fma(weight, b1);
      weight = FloatVector.broadcast(SPECIES, weights[4 * k + 2]);
      c0 = x0.fma(weight, c0);
      c1 = x1.fma(weight, c1);
      weight = FloatVector.broadcast(SPECIES, weights[4 * k + 3]);
      d0 = x0.fma(weight, d0);
      d1 = x1.fma(weight, d1);
    }
    store(a0, a1, y[base + first], at);
    store(b0, b1, y[base + first + 1], at);
    store(c0, c1, y[base + first + 2], at);
    store(d0, d1, y[base + first + 3], at);
  }

  private static void store(FloatVector v, FloatVector next, float[] y, int at) {
    v.intoArray(y, at);
    next.intoArray(y, at + LANES);
  }

  private static void one(
      WeightBlock block, float[] x, int at, float[][] y, int base, float[] biases) {
    int[] inputs = block.inputs();
    float[] weights = block.weights();
    FloatVector y0 = FloatVector.broadcast(SPECIES, biases[block.firstOutput()]);
    FloatVector y1 = y0;
    FloatVector y2 = y0;
    FloatVector y3 = y0;
    for (int k = 0; k < inputs.length; k++) {
      int from = inputs[k] + at;
      FloatVector weight = FloatVector.broadcast(SPECIES, weights[k]);
      y0 = FloatVector.fromArray(SPECIES, x, from).fma(weight, y0);
      y1 = FloatVector.fromArray(SPECIES, x, from + LANES).fma(weight, y1);
      y2 = FloatVector.fromArray(SPECIES, x, from + 2 * LANES).fma(weight, y2);
      y3 = FloatVector.fromArray(SPECIES, x, from + 3 * LANES).fma(weight, y3);
    }
    store(y0, y1, y[base + block.firstOutput()], at);
    store(y2, y3, y[base + block.firstOutput()], at + 2 * LANES);
  }

  @Override
  public void copyRow(float[] data, int from, int stride, float[] to, int first, int count) {
    int whole = vectors(count) * LANES;
    if (stride != 2 || from + 2 * whole > data.length || first + whole > to.length) {
      TapReader.copyRow(data, from, stride, to, first, count);
      return;
    }
    for (int i = 0; i < count; i += LANES) {
      FloatVector lower = FloatVector.fromArray(SPECIES, data, from + 2 * i).rearrange(EVEN);
      FloatVector upper =
          FloatVector.fromArray(SPECIES, data, from + 2 * i + LANES).rearrange(EVEN);
      lower.blend(upper, UPPER_HALF).intoArray(to, first + i);
    }
  }

  @Override
  public FloatStaircase rounded(ScaleThenRound staircase) {
    float scale = staircase.scale();
    float zeroPoint = staircase.zeroPoint();
    float low = staircase.low() - zeroPoint;
    float high = staircase.high() - zeroPoint;
    return (values, begin, end) -> round(values, begin, end, scale, low, high, zeroPoint);
  }

  private static void round(
      float[] values, int begin, int end, float scale, float low, float high, float zeroPoint) {
    for (int i = begin; i < end; i += LANES) {
      FloatVector rounded =
          FloatVector.fromArray(SPECIES, values, i)
              .mul(scale)
              .add(Rounding.TO_INTEGER)
              .sub(Rounding.TO_INTEGER);
      clamp(rounded, low, high).add(zeroPoint).intoArray(values, i);
    }
  }

  private static FloatVector clamp(FloatVector values, float low, float high) {
    return values
        .max(FloatVector.broadcast(SPECIES, low))
        .min(FloatVector.broadcast(SPECIES, high));
  }

  @Override
  public FloatStaircase fixedPoint(FixedPoint staircase) {
    int multiplier = staircase.multiplier().multiplier();
    int exponent = -staircase.multiplier().shift();
    float ratio = Math.scalb((float) multiplier, -31);
    int zeroPoint = staircase.zeroPoint();
    int low = staircase.low() - zeroPoint;
    int high = staircase.high() - zeroPoint;
    return (values, begin, end) ->
        fixedPoint(values, begin, end, multiplier, ratio, exponent, low, high, zeroPoint);
  }

  /**
   * The high half of the doubled product without 64-bit integers: float32 knows it, rounded up, but
   * for one; whether it is one too high is the sign of the low half, which wraps.
   */
  private static void fixedPoint(
      float[] values,
      int begin,
      int end,
      int multiplier,
      float ratio,
      int exponent,
      int low,
      int high,
      int zeroPoint) {
    IntVector toInteger =
        IntVector.broadcast(INTEGERS, Float.floatToRawIntBits(Rounding.TO_INTEGER));
    int half = exponent == 0 ? 0 : 1 << (exponent - 1);
    int tie = exponent == 0 ? 0 : -1;
    for (int i = begin; i < end; i += LANES) {
      FloatVector x =
          clamp(
              FloatVector.fromArray(SPECIES, values, i), -LARGEST_FIXED_POINT, LARGEST_FIXED_POINT);
      IntVector integer = x.add(Rounding.TO_INTEGER).reinterpretAsInts().sub(toInteger);
      IntVector guess =
          x.mul(ratio).add(0.5f).add(Rounding.TO_INTEGER).reinterpretAsInts().sub(toInteger);
      IntVector rest =
          integer.mul(multiplier).add(1 << 30).sub(guess.lanewise(VectorOperators.LSHL, 31));
      IntVector product = guess.add(rest.lanewise(VectorOperators.ASHR, 31));
      IntVector sign = product.lanewise(VectorOperators.ASHR, 31).and(tie);
      IntVector result = product.add(half).add(sign).lanewise(VectorOperators.ASHR, exponent);
      IntVector clamped =
          result
              .max(IntVector.broadcast(INTEGERS, low))
              .min(IntVector.broadcast(INTEGERS, high))
              .add(zeroPoint);
      clamped.add(toInteger).reinterpretAsFloats().sub(Rounding.TO_INTEGER).intoArray(values, i);
    }
  }

  @Override
  public void add(
      float[] a,
      float ratioOfA,
      float[] b,
      float ratioOfB,
      float constant,
      int low,
      int high,
      float[] y,
      int length) {
    FloatVector ofA = FloatVector.broadcast(SPECIES, ratioOfA);
    FloatVector ofB = FloatVector.broadcast(SPECIES, ratioOfB);
    FloatVector start = FloatVector.broadcast(SPECIES, constant);
    for (int i = 0; i < length; i += LANES) {
      int at = Math.min(i, length - LANES);
      FloatVector sum = FloatVector.fromArray(SPECIES, b, at).fma(ofB, start);
      sum = FloatVector.fromArray(SPECIES, a, at).fma(ofA, sum);
      clamp(sum.add(Rounding.TO_INTEGER).sub(Rounding.TO_INTEGER), low, high).intoArray(y, at);
    }
  }

  @Override
  public void quantize(float[] x, float scale, int zeroPoint, int low, int high, int[] y) {
    FloatVector divisor = FloatVector.broadcast(SPECIES, scale);
    FloatVector least = FloatVector.broadcast(SPECIES, low - zeroPoint);
    int offset = zeroPoint - Float.floatToRawIntBits(Rounding.TO_INTEGER);
    for (int i = 0; i < x.length; i += LANES) {
      int at = Math.min(i, x.length - LANES);
      FloatVector ratio = FloatVector.fromArray(SPECIES, x, at).div(divisor);
      ratio = ratio.blend(least, ratio.compare(VectorOperators.NE, ratio));
      ratio = clamp(ratio, low - zeroPoint, high - zeroPoint).add(Rounding.TO_INTEGER);
      ratio.reinterpretAsInts().add(offset).intoArray(y, at);
    }
  }
}
