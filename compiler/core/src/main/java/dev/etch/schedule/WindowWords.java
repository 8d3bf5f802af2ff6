// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.WindowNetlist;
import dev.etch.hardware.WindowStream;
import dev.etch.hardware.WindowUnit;

/** What gathers the words that a {@link WindowUnit} gets from outside, as that documents it. */
final class WindowWords {
  private final MemoryModel.Client beats;
  private final int beatsOfWord;
  private final int wordsOfBeat;
  private final int wordsOfRun;

  /** Words of the beats that were taken. */
  private int left;

  /** Beats of the word behind them. */
  private int parts;

  /** The next word's number in its run. */
  private int word;

  /** As it is some time after a reset. */
  WindowWords(WindowUnit unit, MemoryModel.Client beats) {
    WindowStream stream = WindowNetlist.of(unit).stream().orElseThrow();
    this.beats = beats;
    this.beatsOfWord = stream.beatsOfWord();
    this.wordsOfBeat = stream.wordsOfBeat();
    this.wordsOfRun = stream.words();
    this.left = wordsOfBeat;
  }

  /** Whether there is a word in this cycle. */
  boolean hasWord() {
    return left > 0;
  }

  /**
   * One cycle.
   *
   * @param needs whether the unit takes a word, if there is one
   * @return whether the next may be another in which something happens
   */
  boolean step(boolean needs) {
    boolean takes = needs && left > 0;
    boolean ends = takes && (left == 1 || word == wordsOfRun - 1);
    boolean gathers = beats.has() && (left == 0 || ends);
    if (takes) {
      left = ends ? 0 : left - 1;
      word = (word + 1) % wordsOfRun;
    }
    if (gathers) {
      beats.take();
      if (++parts == beatsOfWord) {
        parts = 0;
        left = wordsOfBeat;
      }
    }
    return left == 0;
  }

  void record(StateRecord record) {
    record.add(left);
    record.add(parts);
    record.add(word);
  }
}
