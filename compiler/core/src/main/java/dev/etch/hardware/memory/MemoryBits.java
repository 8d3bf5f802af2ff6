// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.memory;

import java.util.List;

/**
 * Bits of memories, by what they are for; see {@link MemoryUse}.
 *
 * @param weights factors of lanes
 * @param positions which beat and element is read
 * @param coded words of lanes in coded form, weights and positions in one
 * @param codebook symbols of coded words
 * @param flags whether a lane works, and whether a part ends
 * @param drains what drains do
 * @param tables constants of requantizers, and functions that are looked up
 * @param buffers memories that are written
 */
public record MemoryBits(
    long weights,
    long positions,
    long coded,
    long codebook,
    long flags,
    long drains,
    long tables,
    long buffers) {
  /** None. */
  public static final MemoryBits NONE = new MemoryBits(0, 0, 0, 0, 0, 0, 0, 0);

  /** The bits of some memories. */
  public static MemoryBits of(List<Memory> memories) {
    return new MemoryBits(
        sum(memories, MemoryUse.WEIGHTS),
        sum(memories, MemoryUse.POSITIONS),
        sum(memories, MemoryUse.CODED),
        sum(memories, MemoryUse.CODEBOOK),
        sum(memories, MemoryUse.FLAGS),
        sum(memories, MemoryUse.DRAINS),
        sum(memories, MemoryUse.TABLES),
        sum(memories, MemoryUse.BUFFERS));
  }

  private static long sum(List<Memory> memories, MemoryUse use) {
    return memories.stream()
        .mapToLong(memory -> (long) memory.words() * memory.widths().getOrDefault(use, 0))
        .sum();
  }

  /** All of them. */
  public long total() {
    return schedule() + tables + buffers;
  }

  /** Those of a static schedule, weights included. */
  public long schedule() {
    return weights + positions + coded + codebook + flags + drains;
  }
}
