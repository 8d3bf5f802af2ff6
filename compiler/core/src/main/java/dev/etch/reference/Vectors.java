// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.op.requantization.FixedPoint;
import dev.etch.op.requantization.ScaleThenRound;
import java.util.List;
import java.util.Optional;

/**
 * Inner loops that keep their sums in the processor's vector registers, which Java 17 only does
 * with its incubating Vector API. Where the JVM runs without that module, layers use the loops in
 * {@link Products}; the results are the same, bit by bit.
 */
interface Vectors {
  /** The module that these loops need; {@code --add-modules} gives it to a JVM. */
  String MODULE = "jdk.incubator.vector";

  /** The loops, if this JVM was started with {@link #MODULE}. */
  static Optional<Vectors> available() {
    // The class is not loaded before it is named, so that a JVM without the module never sees it.
    return ModuleLayer.boot().findModule(MODULE).map(module -> new IncubatorVectors());
  }

  /** Elements of a vector. */
  int lanes();

  /** How many outputs a block of {@link #multiply} may have, descending to 1. */
  List<Integer> blockSizes();

  /** Elements that an array must have so that {@link #multiply} may compute {@code length}. */
  int padded(int length);

  /**
   * {@code y[base + o][i] = biases[o] + weights of o times x[inputs + i]} for the outputs o of a
   * block, in float32.
   *
   * @param block its inputs are positions of their first elements in {@code x}, read one by one
   * @param x inputs; longer than what is needed by {@code padded(end) - end}
   * @param biases one an output of the layer
   * @param y at least {@code padded(end)} elements an output
   * @param begin first of the elements
   * @param end end of the elements; some after it are overwritten
   */
  void multiply(
      WeightBlock block, float[] x, float[] biases, float[][] y, int base, int begin, int end);

  /**
   * Copies every second element of a row where the arrays allow it, any row otherwise; see {@link
   * TapReader.RowCopy}.
   */
  void copyRow(float[] data, int from, int stride, float[] to, int first, int count);

  /** The largest integer that {@link #fixedPoint} tells from larger ones. */
  int LARGEST_FIXED_POINT = (1 << 22) - 1;

  /** ONNX Runtime's requantization, where {@link Rounding} is exact; arrays as for multiply. */
  FloatStaircase rounded(ScaleThenRound staircase);

  /**
   * TFLite's requantization without left shift and input zero point; what is beyond {@link
   * #LARGEST_FIXED_POINT} is taken for that, of either sign.
   */
  FloatStaircase fixedPoint(FixedPoint staircase);

  /**
   * {@code y[i] = clamp(round(fma(a[i], ratioOfA, fma(b[i], ratioOfB, constant))))} for the first
   * {@code length} elements, at least {@link #lanes}, where {@link Rounding} is exact.
   */
  void add(
      float[] a,
      float ratioOfA,
      float[] b,
      float ratioOfB,
      float constant,
      int low,
      int high,
      float[] y,
      int length);

  /**
   * {@code y[i] = clamp(round(x[i] / scale) + zeroPoint)}, half to even, the smallest for NaN; for
   * at least {@link #lanes} elements and results that {@link Rounding} holds.
   */
  void quantize(float[] x, float scale, int zeroPoint, int low, int high, int[] y);
}
