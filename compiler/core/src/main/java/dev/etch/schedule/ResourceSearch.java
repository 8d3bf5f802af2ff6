// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.Area;
import dev.etch.area.DesignArea;
import dev.etch.area.Shortage;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.hardware.Target;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * Finds the number of multipliers whose fastest design has an estimated area that fits. The area
 * grows with the multipliers, though not evenly: the search interpolates between a number that fits
 * and one that does not, and keeps the fastest design that fits.
 */
final class ResourceSearch {
  /** Designs that are built at most. */
  private static final int BUILDS = 8;

  /** Multipliers at most where they are not limited. */
  private static final int MOST_MULTIPLIERS = 1024;

  /** A gap between two numbers of multipliers that is not worth another design. */
  private static final double SMALL_GAP = 1.03;

  private final Budget.Resources resources;
  private final Target target;
  private final IntFunction<ScheduledDesign> fastest;
  private ScheduledDesign best;
  private ScheduledDesign smallest;

  /**
   * A search.
   *
   * @param fastest the fastest design with so many multipliers at most
   */
  ResourceSearch(Budget.Resources resources, Target target, IntFunction<ScheduledDesign> fastest) {
    this.resources = resources;
    this.target = target;
    this.fastest = fastest;
  }

  /**
   * The fastest design found.
   *
   * @param least multipliers with which there is a design at all
   * @throws DiagnosticException if the smallest design does not fit
   */
  ScheduledDesign run(int least) {
    int high = resources.multipliers().orElse(MOST_MULTIPLIERS);
    double highFull = build(Math.max(least, high));
    if (high <= least || highFull <= 1) {
      return result();
    }
    int low = least;
    double lowFull = 0;
    for (int built = 1; built < BUILDS && high > low * SMALL_GAP; built++) {
      int multipliers = between(low, lowFull, high, highFull);
      double full = build(multipliers);
      if (full <= 1) {
        low = multipliers;
        lowFull = full;
      } else if (multipliers == low) {
        return result();
      } else {
        high = multipliers;
        highFull = full;
      }
    }
    if (best == null) {
      build(least);
    }
    return result();
  }

  /** Where the area would fit if it grew evenly, kept away from the ends. */
  private static int between(int low, double lowFull, int high, double highFull) {
    double slope = (highFull - lowFull) / (high - low);
    double even = slope > 0 ? low + (1 - lowFull) / slope : low;
    double margin = lowFull > 0 ? 0.1 * (high - low) : 0;
    return (int) Math.max(low, Math.min(Math.floor(even), Math.min(high - margin, high - 1.0)));
  }

  /** Builds a design; returns how full it makes the device. */
  private double build(int multipliers) {
    ScheduledDesign design = fastest.apply(multipliers);
    double full = resources.fullest(area(design), target);
    boolean fits = resources.shortages(area(design), target).isEmpty();
    if (fits && (best == null || cycles(design) < cycles(best))) {
      best = design;
    }
    if (smallest == null || full < resources.fullest(area(smallest), target)) {
      smallest = design;
    }
    return fits ? Math.min(1, full) : Math.max(1.000001, full);
  }

  private static long cycles(ScheduledDesign design) {
    return design.prediction().cyclesPerFrame();
  }

  private Area area(ScheduledDesign design) {
    return DesignArea.of(design.lowered().design(), target).total();
  }

  private ScheduledDesign result() {
    if (best != null) {
      return best;
    }
    List<Shortage> shortages = resources.shortages(area(smallest), target);
    throw new DiagnosticException(
        Location.option("budget"),
        "the smallest design that was found does not fit: it takes about "
            + shortages.stream().map(Shortage::toString).collect(Collectors.joining("; ")),
        "take a larger device, or a smaller or sparser model");
  }
}
