// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** {@code Corrections} in the Verilog: two memories and a comparison a slot. */
final class CorrectionsArea {
  private final RequantizerPlace place;
  private final List<List<Long>> raised;
  private final List<List<Long>> lowered;

  /**
   * The corrections of a form.
   *
   * @param raised accumulators; one list a channel, or one for all
   * @param lowered likewise
   */
  CorrectionsArea(RequantizerPlace place, List<List<Long>> raised, List<List<Long>> lowered) {
    this.place = place;
    this.raised = place.each(raised);
    this.lowered = place.each(lowered);
  }

  /** The most corrections of one channel. */
  int slots() {
    return IntStream.range(0, raised.size())
        .map(c -> raised.get(c).size() + lowered.get(c).size())
        .max()
        .orElse(0);
  }

  Area of() {
    int slots = slots();
    int bits = place.accumulatorBits();
    Area tables = Area.NONE;
    for (int slot = 0; slot < slots; slot++) {
      tables = tables.plus(memories(slot));
    }
    return tables.plus(
        new Area(
            slots * (place.fabric().condition(2.0 * bits) + 1),
            raised.size() > 1 ? slots * (bits + 1.0) : 0,
            0,
            0));
  }

  /**
   * Where a channel's result is moved, and whether downwards; channels that do not use the slot
   * name an accumulator that cannot occur.
   */
  private Area memories(int slot) {
    List<Long> places = new ArrayList<>();
    List<Long> downwards = new ArrayList<>();
    for (int c = 0; c < raised.size(); c++) {
      int beyond = slot - raised.get(c).size();
      boolean lowers = beyond >= 0 && beyond < lowered.get(c).size();
      downwards.add(lowers ? 1L : 0);
      if (beyond < 0) {
        places.add(raised.get(c).get(slot));
      } else {
        places.add(lowers ? lowered.get(c).get(beyond) : place.high().longValue() + 1);
      }
    }
    return new OutputConstants(places)
        .memory(place.fabric(), place.accumulatorBits())
        .plus(new OutputConstants(downwards).memory(place.fabric(), 1));
  }
}
