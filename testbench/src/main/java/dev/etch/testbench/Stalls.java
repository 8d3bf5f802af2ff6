// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

/**
 * Random stalls of the host on both sides, and of the design's own queues. The source, when free to
 * choose, raises tvalid in a cycle with probability {@code 1 - input} and then holds it until the
 * beat is taken, as AXI demands; the sink raises tready in a cycle with probability {@code 1 -
 * output}; a queue inside is ready to take a beat with probability {@code 1 - inside}, if it has
 * room.
 *
 * @param input probability, 0 to less than 1
 * @param output probability, 0 to less than 1
 * @param inside probability, 0 to less than 1
 * @param seed equal seeds give equal stalls
 */
public record Stalls(double input, double output, double inside, long seed) {
  /** The source is always valid and the sink always ready. */
  public static final Stalls NONE = new Stalls(0, 0, 0, 0);

  public Stalls {
    if (!(isProbability(input) && isProbability(output) && isProbability(inside))) {
      throw new IllegalArgumentException("a stall probability is at least 0 and less than 1");
    }
  }

  /** The same probability on both sides of the host. */
  public static Stalls both(double probability, long seed) {
    return new Stalls(probability, probability, 0, seed);
  }

  /** The same, and the queues inside stall too. */
  Stalls withInside(double probability) {
    return new Stalls(input, output, probability, seed);
  }

  /** The same with other random numbers. */
  Stalls withSeed(long other) {
    return new Stalls(input, output, inside, other);
  }

  private static boolean isProbability(double value) {
    return value >= 0 && value < 1;
  }

  /** Whether any cycle can stall. */
  public boolean any() {
    return input > 0 || output > 0 || inside > 0;
  }
}
