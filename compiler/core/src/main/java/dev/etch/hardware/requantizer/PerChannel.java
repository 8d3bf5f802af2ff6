// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import java.util.Collections;
import java.util.List;

/** Lists of one entry a channel, or one entry for all channels. */
final class PerChannel {
  private PerChannel() {}

  /** The entry of a channel. */
  static <T> T of(List<T> entries, int channel) {
    return entries.get(entries.size() == 1 ? 0 : channel);
  }

  /** For {@code times} times as many channels: channel c as channel c modulo its own. */
  static <T> List<T> repeat(List<T> entries, int times) {
    return entries.size() == 1
        ? entries
        : Collections.nCopies(times, entries).stream().flatMap(List::stream).toList();
  }

  /**
   * Half a step of a sum that is shifted by {@code shift}, for accumulators that are raised, its
   * negative for those that are lowered, else 0.
   */
  static long correction(List<Long> raised, List<Long> lowered, long accumulator, int shift) {
    long half = 1L << (shift - 1);
    return raised.contains(accumulator) ? half : lowered.contains(accumulator) ? -half : 0;
  }
}
