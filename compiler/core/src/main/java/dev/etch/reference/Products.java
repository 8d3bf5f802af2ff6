// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

/**
 * Adds multiples of whole arrays to whole arrays: the inner loops of convolutions and dense layers.
 *
 * <p>Their shape is what HotSpot's C2 of Java 17 turns into vector instructions, found by
 * measurement: every array is read and written at the loop's own index, each array is an object of
 * its own, and a body holds no more than about a dozen memory operations (four sums of two arrays,
 * or one sum of four; four sums of three stay scalar, four times slower).
 */
final class Products {
  /** Sums that {@link #addToFour} adds to at once. */
  static final int SUMS = 4;

  /** Arrays that {@link #addToFour} reads at once. */
  static final int PAIR = 2;

  /** Arrays that {@link #addToOne} reads at once. */
  static final int QUAD = 4;

  private Products() {}

  /**
   * {@code sums[first + o] += weights[at + 2 o] * a + weights[at + 2 o + 1] * b} for o from 0 to 3,
   * over the elements {@code [begin, end)}.
   */
  static void addToFour(
      float[][] sums,
      int first,
      float[] a,
      float[] b,
      float[] weights,
      int at,
      int begin,
      int end) {
    addToFour(
        sums[first],
        sums[first + 1],
        sums[first + 2],
        sums[first + 3],
        a,
        b,
        weights,
        at,
        begin,
        end);
  }

  private static void addToFour(
      float[] s,
      float[] t,
      float[] u,
      float[] v,
      float[] a,
      float[] b,
      float[] weights,
      int at,
      int begin,
      int end) {
    float sa = weights[at];
    float sb = weights[at + 1];
    float ta = weights[at + 2];
    float tb = weights[at + 3];
    float ua = weights[at + 4];
    float ub = weights[at + 5];
    float va = weights[at + 6];
    float vb = weights[at + 7];
    for (int i = begin; i < end; i++) {
      float x = a[i];
      float y = b[i];
      s[i] = Math.fma(sb, y, Math.fma(sa, x, s[i]));
      t[i] = Math.fma(tb, y, Math.fma(ta, x, t[i]));
      u[i] = Math.fma(ub, y, Math.fma(ua, x, u[i]));
      v[i] = Math.fma(vb, y, Math.fma(va, x, v[i]));
    }
  }

  /**
   * {@code sum += wa * a + wb * b + wc * c + wd * d} over the elements {@code [begin, end)}, with
   * the four factors at {@code weights[at]}.
   */
  static void addToOne(
      float[] sum,
      float[] a,
      float[] b,
      float[] c,
      float[] d,
      float[] weights,
      int at,
      int begin,
      int end) {
    float wa = weights[at];
    float wb = weights[at + 1];
    float wc = weights[at + 2];
    float wd = weights[at + 3];
    for (int i = begin; i < end; i++) {
      sum[i] =
          Math.fma(wd, d[i], Math.fma(wc, c[i], Math.fma(wb, b[i], Math.fma(wa, a[i], sum[i]))));
    }
  }
}
