// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import java.util.Map;

/** How many elements travel side by side. */
public final class Widths {
  /** Bits of data on the host's side that a common DMA engine moves in a cycle. */
  private static final int HOST_BITS = 64;

  private Widths() {}

  /** The greatest common divisor. */
  public static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** The largest divisor of {@code number} that is not above {@code most}. */
  public static int largestDivisor(int number, int most) {
    int divisor = Math.min(number, Math.max(1, most));
    while (number % divisor != 0) {
      divisor--;
    }
    return divisor;
  }

  /** Elements of a beat on the host's side: a power of two that divides the neighbour's width. */
  public static int ofHost(Edge edge, int neighbour) {
    int most = HOST_BITS / (8 * edge.type().storageBytes());
    int powerOfTwo = Integer.lowestOneBit(neighbour);
    return Math.max(1, Math.min(most, powerOfTwo));
  }

  /**
   * Elements of a beat of the design's input: as many as its widest direct reader asks for, also if
   * that is no power of two (three colours), since pieces of one element may be too slow.
   */
  static int ofInput(Plan plan, Map<String, Folding> foldings) {
    int widest = 1;
    for (Stage.OfWindow window : plan.windows()) {
      if (window.input().equals(plan.input())) {
        int elements = foldings.get(window.layer()).buffering().inputElements();
        boolean fits = elements * 8 * plan.input().type().storageBytes() <= HOST_BITS;
        widest = Math.max(widest, fits ? elements : ofHost(plan.input(), elements));
      }
    }
    return widest;
  }
}
