// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.testbench;

import dev.etch.hardware.Design;
import dev.etch.schedule.CycleModel;
import dev.etch.templates.SafeText;
import dev.etch.templates.SafeText.HardwareName;
import dev.etch.templates.SafeText.Hexadecimal;
import java.util.List;

/**
 * When a queue takes its beats while the host never stalls, in short: how many, and a hash of the
 * cycles (FNV-1a with 32 bits, a cycle a word; G. Fowler, L. C. Noll, K.-P. Vo, The FNV
 * Non-Cryptographic Hash Algorithm, IETF draft).
 *
 * @param name of the queue's instance
 * @param beats that it takes
 * @param hash of their cycles, counted from the first input handshake
 */
public record QueueTimes(HardwareName name, int beats, Hexadecimal hash) {
  static final int OFFSET = 0x811c9dc5;
  static final int PRIME = 0x01000193;

  /** Of all queues, if so many frames are fed back to back. */
  static List<QueueTimes> of(Design design, int frames) {
    return CycleModel.beatTimes(design, frames).entrySet().stream()
        .map(
            entry ->
                new QueueTimes(
                    SafeText.hardwareName("queue_" + entry.getKey().name()),
                    entry.getValue().size(),
                    SafeText.hexadecimal(hash(entry.getValue()))))
        .toList();
  }

  private static int hash(List<Long> cycles) {
    int hash = OFFSET;
    for (long cycle : cycles) {
      hash = (hash ^ (int) cycle) * PRIME;
    }
    return hash;
  }
}
