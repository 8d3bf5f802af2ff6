// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.Objects;

/**
 * What a {@link MatrixUnit} has room for whose words the host loads, with all that depends on
 * weights: the code and its symbols, which steps feed elements, and where outputs are. Its
 * structure follows from this and from the rest of its {@link MatrixProgram}'s shape alone.
 *
 * @param steps of a frame: exactly so many, the rest of them idle
 * @param form in which words are coded
 * @param symbols words of a table of symbols, a power of two from 2 to {@code 2^form.mostBits()}
 * @param chunks words of the memory of all lanes' words, or beats if it is outside
 */
public record MatrixRoom(int steps, CodeForm form, int symbols, int chunks) {
  /** Steps at least: a memory that is written has two words. */
  public static final int LEAST_STEPS = 2;

  public MatrixRoom {
    Objects.requireNonNull(form);
    if (steps < LEAST_STEPS) {
      throw new IllegalArgumentException(steps + " steps");
    }
    if (symbols < 2 || Integer.bitCount(symbols) != 1 || symbols > 1 << form.mostBits()) {
      throw new IllegalArgumentException("a table of " + symbols + " symbols");
    }
  }
}
