// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.Map;

/**
 * A memory of a module.
 *
 * @param name in the Verilog
 * @param words how many
 * @param widths bits of a word, by what they are for
 */
public record Memory(String name, int words, Map<MemoryUse, Integer> widths) {
  public Memory {
    widths = Map.copyOf(widths);
  }

  /** A memory for one thing. */
  static Memory of(String name, int words, int width, MemoryUse use) {
    return new Memory(name, words, Map.of(use, width));
  }

  /** The memory of a queue. */
  public static Memory ofQueue(Stream stream, int depth) {
    return of("memory", depth, stream.type().bits(), MemoryUse.BUFFERS);
  }

  /** Bits of a word. */
  public int width() {
    return widths.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** All bits. */
  public long bits() {
    return (long) words * width();
  }
}
