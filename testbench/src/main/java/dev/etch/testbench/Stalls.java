// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import java.util.OptionalInt;

/**
 * Random stalls of the host on both sides, and of the design's own queues. The source, when free to
 * choose, raises tvalid in a cycle with probability {@code 1 - input} and then holds it until the
 * beat is taken, as AXI demands; the sink raises tready in a cycle with probability {@code 1 -
 * output}; a queue inside is ready to take a beat with probability {@code 1 - inside}, if it has
 * room. A stall of the host lasts a cycle, or, in bursts, a random number of cycles.
 *
 * @param input probability, 0 to less than 1
 * @param output probability, 0 to less than 1
 * @param inside probability, 0 to less than 1
 * @param burst most cycles that a stall of the host lasts, at least 1; each number is as likely
 * @param seed equal seeds give equal stalls
 * @param only the one output that stalls, counted from 0; if empty, all do, each by itself
 */
public record Stalls(
    double input, double output, double inside, int burst, long seed, OptionalInt only) {
  private static final int MOST_BURST = 100_000;

  /** The source is always valid and the sink always ready. */
  public static final Stalls NONE = new Stalls(0, 0, 0, 1, 0);

  public Stalls {
    if (!(isProbability(input) && isProbability(output) && isProbability(inside))) {
      throw new IllegalArgumentException("a stall probability is at least 0 and less than 1");
    }
    if (burst < 1) {
      throw new IllegalArgumentException("a stall lasts at least a cycle");
    }
  }

  /** Stalls of all outputs. */
  public Stalls(double input, double output, double inside, int burst, long seed) {
    this(input, output, inside, burst, seed, OptionalInt.empty());
  }

  /** The same, but of the outputs only one stalls; the host takes from the others at once. */
  Stalls onlyOf(int port) {
    return new Stalls(input, output, inside, burst, seed, OptionalInt.of(port));
  }

  /** The same probability on both sides of the host. */
  public static Stalls both(double probability, long seed) {
    return new Stalls(probability, probability, 0, 1, seed);
  }

  /** Both sides, now one and now the other, rest for half of the time, so many cycles at most. */
  static Stalls bursts(long most, long seed) {
    int burst = (int) Math.min(MOST_BURST, Math.max(2, most));
    double begins = 2.0 / (burst + 2);
    return new Stalls(begins, begins, 0, burst, seed);
  }

  /** The same, and the queues inside stall too. */
  Stalls withInside(double probability) {
    return new Stalls(input, output, probability, burst, seed, only);
  }

  /** The same with other random numbers. */
  Stalls withSeed(long other) {
    return new Stalls(input, output, inside, burst, other, only);
  }

  private static boolean isProbability(double value) {
    return value >= 0 && value < 1;
  }

  /** Whether any cycle can stall. */
  public boolean any() {
    return input > 0 || output > 0 || inside > 0;
  }
}
