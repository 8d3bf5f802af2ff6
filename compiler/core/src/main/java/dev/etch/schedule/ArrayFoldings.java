// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.lower.Folding;
import dev.etch.lower.SharedLayers;
import dev.etch.lower.Stage;
import dev.etch.schedule.ArraySearch.Aim;
import dev.etch.schedule.LayerOptions.Option;
import dev.etch.schedule.Partition.Group;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Supplier;

/**
 * Chooses foldings by multipliers alone, for layers that may share arrays of them. All layers work
 * at the same time on different frames, so the slowest array sets the pace: for a given number of
 * cycles a frame each gets the fewest lanes that keep up, and the cycles are found by bisection.
 * The choice is played by the cycle model, and refined where reality is slower than the bounds.
 */
final class ArrayFoldings {
  /** How much faster than the pace everything without multipliers is, in turn. */
  static final double[] SLACKS = {0.9, 0.6, 0.35};

  /** Choices that are made at most because schedules turned out longer than their bounds. */
  private static final int ROUNDS = 24;

  private final SearchSpace space;
  private final List<String> order;

  /**
   * A choice.
   *
   * @param order layers with multipliers, in the order of the data flow
   */
  ArrayFoldings(SearchSpace space, List<String> order) {
    this.space = space;
    this.order = order;
  }

  /** What is built for a pace. */
  private record Choice(
      long cycles, Partition partition, Map<String, Variant> variants, Mapping mapping) {}

  /** The fastest design that is found. */
  Draft fastest(ArraySearch arrays, int multipliers) {
    return draft(slack -> Optional.of(chooseFastest(arrays, slack, multipliers))).orElseThrow();
  }

  /** A design for a pace, which it may miss; empty if there are no arrays that keep it. */
  Optional<Draft> paced(ArraySearch arrays, long cycles, int multipliers) {
    return draft(slack -> choose(arrays, cycles, slack, multipliers, Aim.LEAST_SHARING));
  }

  /** The fastest of those with ever more slack. */
  private Optional<Draft> draft(DoubleFunction<Optional<Choice>> choices) {
    Draft best = null;
    for (double slack : SLACKS) {
      Optional<Choice> choice = corrected(() -> choices.apply(slack));
      if (choice.isEmpty()) {
        break;
      }
      Draft design = space.draft(choice.get().mapping());
      if (best == null || design.cyclesPerFrame() < best.cyclesPerFrame()) {
        best = design;
      }
      if (best.cyclesPerFrame() <= choice.get().cycles() + choice.get().cycles() / 100) {
        break;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Chooses until schedules are as short as their bounds say; empty once there is no choice. */
  private Optional<Choice> corrected(Supplier<Optional<Choice>> choices) {
    Optional<Choice> choice = choices.get();
    for (int round = 0; round < ROUNDS && choice.isPresent() && correct(choice.get()); round++) {
      choice = choices.get();
    }
    return choice;
  }

  private Choice chooseFastest(ArraySearch arrays, double slack, int multipliers) {
    long pace = pace(arrays, multipliers);
    // With more time other layers are tried alone first, so there may be none just there.
    return choose(arrays, relaxed(pace), slack, multipliers, Aim.LEAST_SHARING)
        .or(
            () ->
                arrays
                    .best(pace, multipliers, Aim.LEAST_SHARING)
                    .map(partition -> choose(relaxed(pace), slack, partition, multipliers)))
        .orElseThrow(ArrayFoldings::tooSlow);
  }

  private Optional<Choice> choose(
      ArraySearch arrays, long cycles, double slack, int multipliers, Aim aim) {
    return arrays
        .best(cycles, multipliers, aim)
        .map(partition -> choose(cycles, slack, partition, multipliers));
  }

  private static CompilerBug tooSlow() {
    return new CompilerBug("no arrays keep the pace");
  }

  /** A little slower: the last half percent is not worth a much larger schedule. */
  static long relaxed(long cycles) {
    return cycles + cycles / 200;
  }

  /** The cheapest design for a pace, which it may miss. */
  ScheduledDesign smallest(ArraySearch arrays, long cycles, double slack, int most) {
    return corrected(() -> choose(arrays, cycles, slack, most, Aim.CHEAPEST))
        .map(choice -> space.build(choice.mapping()))
        .orElseThrow(ArrayFoldings::tooSlow);
  }

  /** The fewest cycles that {@code multipliers} in all can keep up with. */
  long pace(ArraySearch arrays, int multipliers) {
    long low = Math.max(space.leastCycles(), space.hostCycles());
    long high = low;
    while (!keepsUp(arrays, high, multipliers)) {
      low = high;
      high *= 2;
    }
    while (low < high) {
      long middle = (low + high) / 2;
      if (keepsUp(arrays, middle, multipliers)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return high;
  }

  /** Whether so many multipliers do a frame in {@code cycles}. */
  boolean keepsUp(ArraySearch arrays, long cycles, int multipliers) {
    for (LayerOptions layer : space.layers().values()) {
      if (!layer.multiplies() && layer.fewestMultipliers(cycles).isEmpty()) {
        return false;
      }
    }
    return arrays.best(cycles, multipliers, Aim.FEWEST_MULTIPLIERS).isPresent();
  }

  /**
   * Schedules the layers with multipliers; where one is slower than its bound and makes its array
   * slower than the pace, this is noted for the next choice. Returns whether any was.
   */
  private boolean correct(Choice choice) {
    Map<String, Folding> foldings = choice.mapping().layers();
    space.schedule(foldings);
    Map<String, Variant> without = new LinkedHashMap<>(choice.variants());
    Map<String, Long> busy = new HashMap<>();
    for (Stage.OfWindow stage : space.multiplying()) {
      without.remove(stage.layer());
      busy.put(stage.layer(), space.busy(stage, foldings.get(stage.layer())));
    }
    boolean slower = space.correct(without, foldings, choice.cycles());
    for (Group group : choice.partition().groups()) {
      long sum = group.members().stream().mapToLong(m -> busy.get(m.layer())).sum();
      if (sum > choice.cycles()) {
        slower |= correct(group, choice);
      }
    }
    return slower;
  }

  private boolean correct(Group group, Choice choice) {
    Map<String, Variant> members = new LinkedHashMap<>();
    for (ArrayMember member : group.members()) {
      if (member instanceof ArrayMember.Free) {
        members.put(member.layer(), choice.variants().get(member.layer()));
      }
    }
    boolean slower = space.correct(members, choice.mapping().layers(), 0);
    for (ArrayMember member : group.members()) {
      if (member instanceof ArrayMember.Free free) {
        free.update();
      }
    }
    return slower;
  }

  private Choice choose(long cycles, double slack, Partition partition, int multipliers) {
    Map<String, Option> chosen = new LinkedHashMap<>();
    space
        .layers()
        .forEach(
            (name, layer) -> {
              if (!layer.multiplies()) {
                chosen.put(name, withoutMultipliers(layer, cycles, slack));
              }
            });
    long spare = multipliers - partition.multipliers();
    for (Group group : partition.groups()) {
      if (group.isShared()) {
        chosen.putAll(GroupOptions.choose(group, cycles));
      } else {
        LayerOptions layer = space.layers().get(group.members().get(0).layer());
        int most = (int) (group.multipliers() + spare);
        Option cheap = layer.cheapest(cycles, most).orElseThrow();
        chosen.put(group.members().get(0).layer(), cheap);
        spare -= cheap.multipliers() - group.multipliers();
      }
    }
    Map<String, Variant> variants = new LinkedHashMap<>();
    chosen.forEach((layer, option) -> variants.put(layer, Variant.plain(option)));
    Mapping mapping =
        space
            .constraints()
            .withLayers(space.foldings(variants, cycles, slack))
            .withArrays(shared(partition));
    return new Choice(cycles, partition, variants, mapping);
  }

  /** The arrays that layers share, in the order of their first layers. */
  private List<SharedLayers> shared(Partition partition) {
    return partition.groups().stream()
        .filter(Group::isShared)
        .sorted(Comparator.comparingInt(g -> order.indexOf(g.members().get(0).layer())))
        .map(
            g ->
                SharedLayers.of(
                    g.members().stream().map(ArrayMember::layer).toList(), g.multipliers()))
        .toList();
  }

  private static Option withoutMultipliers(LayerOptions layer, long cycles, double slack) {
    return layer
        .smallest((long) (cycles * slack))
        .or(() -> layer.smallest(cycles))
        .orElseThrow(() -> new CompilerBug("no layout keeps the pace"));
  }
}
