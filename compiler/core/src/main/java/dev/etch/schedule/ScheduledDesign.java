// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.Design;
import dev.etch.hardware.Stream;
import dev.etch.lower.LoweredModel;
import java.util.List;
import java.util.Map;

/**
 * A finished design.
 *
 * @param lowered the hardware, with its final queue depths
 * @param mapping complete: reproduces the design
 * @param prediction of the cycle model
 * @param statistics one entry a unit, in the design's order
 */
public record ScheduledDesign(
    LoweredModel lowered,
    Mapping mapping,
    CycleResult prediction,
    List<UnitStatistics> statistics) {
  public ScheduledDesign {
    statistics = List.copyOf(statistics);
  }

  /** The same design at another clock. */
  public ScheduledDesign withClock(Clock clock) {
    return new ScheduledDesign(lowered, mapping.withClock(clock), prediction, statistics);
  }

  /**
   * The same design with other depths of its queues; the same if they are those of other streams,
   * and so of another design.
   */
  ScheduledDesign withDepths(Map<Stream, Integer> depths) {
    Design own = lowered.design();
    if (own.depths().equals(depths) || !own.depths().keySet().equals(depths.keySet())) {
      return this;
    }
    Design other = own.withDepths(depths);
    CycleResult played = CycleModel.run(other);
    return new ScheduledDesign(
        lowered.withDesign(other),
        mapping,
        played,
        UnitStatistics.of(other, played.cyclesPerFrame()));
  }

  /** Multipliers of all units. */
  public int multipliers() {
    return statistics.stream().mapToInt(UnitStatistics::multipliers).sum();
  }

  /** Products a cycle of all units. */
  public int macLanes() {
    return statistics.stream().mapToInt(UnitStatistics::macLanes).sum();
  }
}
