// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

/**
 * Random stalls of the host on both sides. The source, when free to choose, raises tvalid in a
 * cycle with probability {@code 1 - input} and then holds it until the beat is taken, as AXI
 * demands; the sink raises tready in a cycle with probability {@code 1 - output}.
 *
 * @param input probability, 0 to less than 1
 * @param output probability, 0 to less than 1
 * @param seed equal seeds give equal stalls
 */
public record Stalls(double input, double output, long seed) {
  /** The source is always valid and the sink always ready. */
  public static final Stalls NONE = new Stalls(0, 0, 0);

  public Stalls {
    if (!(input >= 0 && input < 1 && output >= 0 && output < 1)) {
      throw new IllegalArgumentException("a stall probability is at least 0 and less than 1");
    }
  }

  /** The same probability on both sides. */
  public static Stalls both(double probability, long seed) {
    return new Stalls(probability, probability, seed);
  }

  /** Whether any cycle can stall. */
  public boolean any() {
    return input > 0 || output > 0;
  }
}
