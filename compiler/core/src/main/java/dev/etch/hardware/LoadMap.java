// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.memory.Memory;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the memories that the host loads stand in its address space. Each has a region of its own,
 * as many words as a power of two, at a multiple of that; so the high bits of an address say which
 * memory is meant, and the low ones where in it. Which of its buffers is written is no matter of
 * the address: the one that frames do not use.
 *
 * @param regions in the order of units and memories
 * @param buffers of each memory, see {@link Design#buffers}
 */
public record LoadMap(List<Region> regions, int buffers) {
  /** Bits of a word of the bus, and of the widest memory. */
  public static final int WORD_BITS = 32;

  /** Bits of an address at most. */
  public static final int MOST_ADDRESS_BITS = 24;

  private static final int MOST_BUFFERS = 2;

  /**
   * One memory.
   *
   * @param unit whose memory it is
   * @param memory name and size
   * @param base address of its first word
   */
  public record Region(String unit, Memory memory, int base) {}

  public LoadMap {
    regions = List.copyOf(regions);
    requireBuffers(buffers);
  }

  static void requireBuffers(int buffers) {
    if (buffers < 1 || buffers > MOST_BUFFERS) {
      throw new IllegalArgumentException("a memory has 1 buffer or 2");
    }
  }

  /** The map of a design; empty if nothing is loaded. */
  public static LoadMap of(Design design) {
    List<Region> regions = new ArrayList<>();
    long next = 0;
    for (Unit unit : design.units()) {
      for (Memory memory : Netlist.loaded(unit)) {
        if (memory.width() > WORD_BITS) {
          throw new IllegalArgumentException(memory + " is wider than the bus");
        }
        int size = size(memory);
        long base = (next + size - 1) / size * size;
        regions.add(new Region(unit.name(), memory, Math.toIntExact(base)));
        next = base + size;
      }
    }
    return new LoadMap(regions, design.buffers());
  }

  /** Addresses up to the last word. */
  public long addresses() {
    return regions.stream()
        .mapToLong(region -> (long) region.base() + size(region.memory()))
        .max()
        .orElse(0);
  }

  /** Addresses of a memory's region. */
  public static int size(Memory memory) {
    return memory.words() <= 1 ? 1 : Integer.highestOneBit(memory.words() - 1) << 1;
  }

  /** Whether nothing is loaded. */
  public boolean isEmpty() {
    return regions.isEmpty();
  }

  /** Whether some of it are coded words, see {@link MatrixStream}. */
  public boolean hasCodedWords() {
    return regions.stream().anyMatch(region -> region.memory().isCoded());
  }

  /** Words that an image has. */
  public int words() {
    return regions.stream().mapToInt(region -> region.memory().words()).sum();
  }

  /** What a unit has of it. */
  public LoadMap of(String unit) {
    List<Region> own = regions.stream().filter(region -> region.unit().equals(unit)).toList();
    return new LoadMap(own, buffers);
  }

  /** Whether one buffer is written while frames use another. */
  public boolean isDoubled() {
    return buffers > 1;
  }
}
