// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.MatrixStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;

/**
 * What becomes of the chunks of a {@link MatrixStream}, as {@link dev.etch.hardware.MatrixUnit}
 * documents it.
 */
final class PackedWords {
  private final MatrixStream stream;

  /** Where chunks come from, if it may have none. */
  private final Optional<MemoryModel.Client> source;

  /** Chunks of each lane. */
  private final int[] chunks;

  private int lanesWithout;

  /** The next event of the frame. */
  private int event;

  /** Who asked in the cycle before. */
  private long asked;

  private long pending;
  private final Queue<Long> waiting = new ArrayDeque<>();

  /** Who gets a chunk in this cycle, in the next, and in the one after that. */
  private final long[] arriving = new long[3];

  /** As it is some time after a reset. */
  PackedWords(MatrixStream stream, int lanes, Optional<MemoryModel.Client> source) {
    this.stream = stream;
    this.source = source;
    this.chunks = new int[lanes];
    Arrays.fill(chunks, MatrixStream.AHEAD);
    this.event = MatrixStream.LOADS + MatrixStream.DECODED_AHEAD;
  }

  /** Whether every lane has a chunk. */
  boolean isReady() {
    return lanesWithout == 0;
  }

  /** Whether decoders are as far ahead of the steps as they go. */
  boolean isFilled() {
    return event >= MatrixStream.LOADS + MatrixStream.DECODED_AHEAD;
  }

  /**
   * One cycle.
   *
   * @param steps whether the lanes go on by a step
   * @return whether the next may be another
   */
  boolean step(boolean steps) {
    boolean happens = steps || (!isFilled() && isReady());
    pick();
    asked = happens ? stream.asks(event) : 0;
    take(asked, -1);
    take(arriving[0], 1);
    arriving[0] = arriving[1];
    arriving[1] = arriving[2];
    arriving[2] = 0;
    if (happens) {
      event = (event + 1) % stream.events();
    }
    return happens || (asked | pending | arriving[0] | arriving[1]) != 0;
  }

  private void pick() {
    long lowest = source.map(MemoryModel.Client::has).orElse(true) ? Long.lowestOneBit(pending) : 0;
    if (lowest != 0) {
      source.ifPresent(MemoryModel.Client::take);
    }
    arriving[2] = lowest;
    pending &= ~lowest;
    if (pending == 0 && waiting.isEmpty()) {
      pending = asked;
    } else {
      if (asked != 0) {
        waiting.add(asked);
      }
      if (pending == 0) {
        pending = waiting.remove();
      }
    }
  }

  private void take(long lanes, int change) {
    for (long rest = lanes; rest != 0; rest &= rest - 1) {
      int lane = Long.numberOfTrailingZeros(rest);
      lanesWithout -= chunks[lane] == 0 ? 1 : 0;
      chunks[lane] += change;
      lanesWithout += chunks[lane] == 0 ? 1 : 0;
    }
  }

  void record(StateRecord record) {
    for (int count : chunks) {
      record.add(count);
    }
    record.add(event);
    record(record, asked);
    record(record, pending);
    record.add(waiting.size());
    waiting.forEach(lanes -> record(record, lanes));
    record(record, arriving[0]);
    record(record, arriving[1]);
  }

  private static void record(StateRecord record, long lanes) {
    record.add((int) lanes);
    record.add((int) (lanes >>> Integer.SIZE));
  }
}
