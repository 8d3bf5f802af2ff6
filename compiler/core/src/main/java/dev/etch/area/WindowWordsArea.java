// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.PipelineStages;
import dev.etch.hardware.WindowNetlist;
import dev.etch.hardware.WindowStream;
import dev.etch.hardware.WindowUnit;

/** {@code WindowWords} in the Verilog: what gathers words from outside, and brings their fields. */
final class WindowWordsArea {
  /** Conditions, and what holds the unit while there is no word. */
  private static final double CONTROL = 12;

  private WindowWordsArea() {}

  /** That of a unit; nothing if its words are not outside. */
  static Area of(WindowUnit unit, Fabric fabric) {
    return WindowNetlist.of(unit).stream().map(words -> of(words, fabric)).orElse(Area.NONE);
  }

  private static Area of(WindowStream words, Fabric fabric) {
    int gathered = words.beatsOfWord() * words.wordsOfBeat() * words.wordBits();
    int late =
        words.fields().stream()
            .mapToInt(field -> field.width() * (field.stage() - PipelineStages.ADDRESS))
            .sum();
    int counters =
        Fabric.bits(words.words())
            + Fabric.bits(words.wordsOfBeat() + 1)
            + Fabric.bits(words.beatsOfWord());
    double shifts = words.wordsOfBeat() > 1 ? gathered * fabric.multiplexer(2) : 0;
    return new Area(CONTROL + shifts + fabric.adder(counters), gathered + late + counters, 0, 0);
  }
}
