// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.lower.SharedLayers;
import dev.etch.lower.Stage;
import dev.etch.schedule.Allocation.Limits;
import dev.etch.schedule.ArrayDivision.Group;
import dev.etch.schedule.ArraySearch.Aim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Chooses what to build by estimates. All layers work at the same time on different frames, so the
 * slowest one sets the pace. For a pace, {@link ArraySearch} says which layers share multipliers,
 * each part of the design (a layer, or layers that share) offers points of multipliers, look-up
 * tables and memory blocks, and {@link Allocation} takes one of each. The pace is found by
 * bisection.
 *
 * @param limits of the whole design
 */
record PaceSearch(Limits limits, Sharing sharing) {
  /** Part of the cycles up to which the pace is found, where each layer has points of its own. */
  private static final double RESOLUTION = 0.0005;

  /** Cycles a frame beyond which no design is looked for. */
  private static final long SLOWEST = 1L << 40;

  /** Lanes of all arrays at most. */
  private static final int MOST_LANES = 1 << 20;

  /** The fastest choice within the limits; empty if there is none. */
  Optional<Choice> fastest(Estimates estimates) {
    SearchSpace space = estimates.space();
    long low = Math.max(space.leastCycles(), space.hostCycles());
    long high = low;
    while (!isKept(estimates, high)) {
      if (high >= SLOWEST) {
        return Optional.empty();
      }
      low = high;
      high *= 2;
    }
    while (high - low > resolution(low)) {
      long middle = (low + high) / 2;
      boolean kept = isKept(estimates, middle);
      low = kept ? low : middle;
      high = kept ? middle : high;
    }
    long pace = high;
    return (limits.luts() == Double.POSITIVE_INFINITY
            ? choose(estimates, relaxed(pace))
            : Optional.<Choice>empty())
        .or(() -> choose(estimates, pace));
  }

  /** A little slower: the last half percent is not worth a much larger schedule. */
  private static long relaxed(long cycles) {
    return cycles + cycles / 200;
  }

  /** Whether there is a choice for a pace; where lanes are all that counts, arrays say so. */
  private boolean isKept(Estimates estimates, long cycles) {
    return limits.areOfArea() || sharing == Sharing.ALONE
        ? choose(estimates, cycles).isPresent()
        : estimates.space().keepsUp(cycles) && division(estimates, cycles).isPresent();
  }

  /** The smallest choice: within the limits if there is one, else within that of multipliers. */
  Choice least(Estimates estimates) {
    double any = Double.POSITIVE_INFINITY;
    Limits left = limits.minus(estimates.rest());
    Limits fewMultipliers = new Limits(left.multipliers(), any, any);
    return Stream.of(left, fewMultipliers, Limits.NONE)
        .flatMap(some -> choose(estimates, SLOWEST, some, Aim.LEAST_SHARING).stream())
        .findFirst()
        .orElseThrow(() -> new CompilerBug("no layout keeps up with no pace at all"));
  }

  private double resolution(long cycles) {
    return sharing == Sharing.ALONE ? Math.max(1, cycles * RESOLUTION) : 1;
  }

  private Optional<Choice> choose(Estimates estimates, long cycles) {
    return choose(estimates, cycles, Aim.LEAST_SHARING);
  }

  /** The choice for a pace; empty if there is none within the limits. */
  Optional<Choice> choose(Estimates estimates, long cycles, Aim aim) {
    return choose(estimates, cycles, estimates.left(limits), aim);
  }

  /** A point of each part for a pace; empty if none fit. */
  private Optional<Choice> choose(Estimates estimates, long cycles, Limits left, Aim aim) {
    return division(estimates, cycles, left, aim)
        .flatMap(
            division ->
                Allocation.find(parts(estimates, division, cycles), left)
                    .map(chosen -> choice(estimates, division, cycles, chosen)));
  }

  /** The division among arrays for a pace; empty if none keeps it. */
  Optional<ArrayDivision> division(Estimates estimates, long cycles) {
    return division(estimates, cycles, estimates.left(limits), Aim.LEAST_SHARING);
  }

  private Optional<ArrayDivision> division(Estimates estimates, long cycles, Limits left, Aim aim) {
    int most = (int) Math.max(0, Math.min(MOST_LANES, Math.floor(left.multipliers())));
    return new ArraySearch(estimates.space(), sharing).best(cycles, most, aim);
  }

  private static List<List<Point>> parts(Estimates estimates, ArrayDivision division, long cycles) {
    List<List<Point>> parts = new ArrayList<>();
    estimates.layers().entrySet().parallelStream()
        .filter(layer -> division.sharers(layer.getKey()).size() == 1)
        .map(layer -> layer.getValue().at(cycles, estimates.slack()))
        .forEachOrdered(parts::add);
    division.groups().stream()
        .filter(Group::isShared)
        .map(group -> List.of(GroupOptions.point(group, cycles, estimates.slack())))
        .forEach(parts::add);
    return parts;
  }

  private static Choice choice(
      Estimates estimates, ArrayDivision division, long cycles, List<Point> chosen) {
    Map<String, Variant> variants = new LinkedHashMap<>();
    chosen.forEach(point -> variants.putAll(point.variants()));
    SearchSpace space = estimates.space();
    Mapping mapping =
        space
            .constraints()
            .withLayers(space.foldings(variants, cycles, estimates.slack()))
            .withArrays(arrays(space, division));
    return new Choice(cycles, division, variants, mapping);
  }

  /** The arrays that layers share, in the order of their first layers. */
  private static List<SharedLayers> arrays(SearchSpace space, ArrayDivision division) {
    List<String> order = space.multiplying().stream().map(Stage.OfWindow::layer).toList();
    return division.groups().stream()
        .filter(Group::isShared)
        .sorted(Comparator.comparingInt(g -> order.indexOf(g.members().get(0).layer())))
        .map(g -> SharedLayers.of(g.layers(), g.multipliers()))
        .toList();
  }
}
