// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.ScheduleColumns.Column;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The words of a {@link WindowUnit}'s schedule that stand in a memory outside: for each slot what
 * memory ports and lanes do in it, from the first slot on. What drains do stays in read-only
 * memories: they follow their pixel also when no other one follows it.
 *
 * <p>A word takes some beats of the bus, the lowest bits first; or some words have a beat together,
 * the first lowest. Each run of the schedule begins with a beat, and its words are read from end to
 * end once for each pixel of the unit. Short runs stand there several times, so that they make
 * whole bursts.
 */
public final class WindowStream {
  /** Bursts of which a part at the end does not matter much. */
  private static final int MANY_BURSTS = 8;

  private final List<Column> fields;
  private final int slots;
  private final int dataBits;

  private WindowStream(List<Column> fields, int slots, int dataBits) {
    this.fields = fields;
    this.slots = slots;
    this.dataBits = dataBits;
  }

  /** That of a schedule. */
  static WindowStream of(ScheduleColumns columns, ExternalMemory memory) {
    return new WindowStream(columns.outside(), columns.slots(), memory.dataBits());
  }

  /** The fields of a word, the lowest first. */
  public List<Column> fields() {
    return fields;
  }

  /** The lowest bit of one of the {@link #fields}. */
  public int start(Column field) {
    if (!fields.contains(field)) {
      throw new IllegalArgumentException("no field " + field.name());
    }
    return fields.stream().takeWhile(other -> other != field).mapToInt(Column::width).sum();
  }

  /** Bits of a word; at least one, which nobody looks at if nothing differs from slot to slot. */
  public int wordBits() {
    return Math.max(1, fields.stream().mapToInt(Column::width).sum());
  }

  /** Words of a run. */
  public int words() {
    return slots;
  }

  /** Beats that a word takes; 1 if it does not take more than one. */
  public int beatsOfWord() {
    return (wordBits() + dataBits - 1) / dataBits;
  }

  /** Words that a beat has; 1 if it does not have more than one. */
  public int wordsOfBeat() {
    return Math.max(1, dataBits / wordBits());
  }

  /** Beats of a run. */
  public int beatsOfRun() {
    return (slots + wordsOfBeat() - 1) / wordsOfBeat() * beatsOfWord();
  }

  /** The beats in the memory: those of a run, or of several that are the same. */
  public List<BigInteger> beats() {
    List<BigInteger> run = run();
    int burst = ExternalMemory.BURST_BEATS;
    int runs =
        run.size() >= MANY_BURSTS * burst
            ? 1
            : burst / Math.min(burst, Integer.lowestOneBit(run.size()));
    return Collections.nCopies(runs, run).stream().flatMap(List::stream).toList();
  }

  private List<BigInteger> run() {
    List<BigInteger> beats = new ArrayList<>();
    for (int slot = 0; slot < slots; slot += wordsOfBeat()) {
      BigInteger joined = BigInteger.ZERO;
      for (int i = Math.min(wordsOfBeat(), slots - slot) - 1; i >= 0; i--) {
        joined = joined.shiftLeft(wordBits()).or(word(slot + i));
      }
      for (int beat = 0; beat < beatsOfWord(); beat++) {
        beats.add(low(joined.shiftRight(beat * dataBits), dataBits));
      }
    }
    return beats;
  }

  private BigInteger word(int slot) {
    BigInteger word = BigInteger.ZERO;
    for (int i = fields.size() - 1; i >= 0; i--) {
      Column field = fields.get(i);
      BigInteger entry = low(BigInteger.valueOf(field.entries()[slot]), field.width());
      word = word.shiftLeft(field.width()).or(entry);
    }
    return word;
  }

  private static BigInteger low(BigInteger number, int bits) {
    return number.and(BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
  }
}
