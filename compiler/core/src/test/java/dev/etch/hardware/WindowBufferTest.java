// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.hardware.WindowBuffer.Banks;
import dev.etch.hardware.WindowBuffer.Place;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WindowBufferTest {
  private static final int DRAWN = 300;
  private static final int FRAMES = 3;

  private final Random random = new Random(11);

  @Test
  void banksHoldAsManyBeatsAsTheBufferIsDeep() {
    int deep = 0;
    for (int i = 0; i < DRAWN; i++) {
      WindowBuffer buffer = buffer();
      if (buffer.depth() > 0) {
        deep++;
        assertHolds(buffer);
      }
    }
    assertTrue(deep > DRAWN / 2, deep + " hold anything");
  }

  /** Wherever the first beat is. */
  private static void assertHolds(WindowBuffer buffer) {
    Deque<Integer> kept = new ArrayDeque<>();
    Set<Integer> taken = new HashSet<>();
    for (int beat = 0; beat < FRAMES * buffer.paddedBeats(); beat++) {
      if (kept.size() == buffer.depth()) {
        taken.remove(kept.remove());
      }
      Place place = buffer.place(beat);
      int cell = place.bank() * buffer.words() + place.word() % buffer.words();
      kept.add(cell);
      assertTrue(taken.add(cell), buffer + " at beat " + beat);
    }
  }

  @Test
  void neighbouringPixelsAreInBanksOfTheirOwn() {
    for (int i = 0; i < DRAWN; i++) {
      WindowBuffer buffer = buffer();
      Banks banks = buffer.banks();
      int last = buffer.rowBeats() - (banks.count() - 1) * banks.beats();
      for (int beat = 0; beat < last; beat++) {
        Set<Integer> read = new HashSet<>();
        for (int copy = 0; copy < banks.count(); copy++) {
          Place place = buffer.place(beat + copy * banks.beats());
          read.add(place.bank());
          assertEquals((buffer.place(beat).bank() + copy) % banks.count(), place.bank());
        }
        assertEquals(banks.count(), read.size());
      }
    }
  }

  /** A window that moves by whole rounds finds each beat so many words behind its origin. */
  @Test
  void windowMovesByWords() {
    for (int i = 0; i < DRAWN; i++) {
      WindowBuffer buffer = buffer();
      int step = buffer.banks().roundBeats();
      int columns = Math.max(1, buffer.rowBeats() / step);
      int rows = buffer.paddedHeight();
      int along = (columns - 1) * step;
      WindowWalk beats =
          new WindowWalk(
              rows, columns, step, buffer.rowBeats() - along, buffer.rowBeats() - along, 1);
      WindowWalk words = beats.inWords(buffer);
      int beat = 0;
      int word = 0;
      for (int pixel = 0; pixel < beats.pixels(); pixel++) {
        assertEquals(new Place(0, word), buffer.place(beat));
        boolean ends = pixel % columns == columns - 1;
        beat += ends ? beats.rowStep() : beats.pixelStep();
        word += ends ? words.rowStep() : words.pixelStep();
      }
    }
  }

  private WindowBuffer buffer() {
    int beatsPerPixel = 1 + random.nextInt(5);
    int stride = 1 + random.nextInt(3);
    Banks banks = new Banks(2 << random.nextInt(3), stride * beatsPerPixel, 1);
    return new WindowBuffer(
        1 + random.nextInt(6),
        1 + random.nextInt(20),
        random.nextInt(2),
        random.nextInt(2),
        random.nextInt(2),
        random.nextInt(2),
        0,
        beatsPerPixel,
        1 << random.nextInt(9),
        banks);
  }
}
