// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.schedule.LayerOptions.Option;
import dev.etch.schedule.Partition.Group;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Chooses layouts for the layers of a shared array: the cheapest that together keep the pace. A
 * price for each cycle is raised until they do (Lagrangian relaxation of the multiple-choice
 * knapsack problem, Everett, <em>Operations Research</em> 11, 1963).
 */
final class GroupOptions {
  /** Look-up tables that the selection in front of a shared lane takes for each layer. */
  private static final double LANE_COST = 6;

  private static final int ROUNDS = 60;

  private final Map<String, List<Priced>> layers = new LinkedHashMap<>();
  private final long cycles;

  /** A layout with its cost, without the cycles'. */
  private record Priced(Option option, double cost) {}

  private GroupOptions(List<ArrayMember.Free> members, int lanes, long cycles) {
    this.cycles = cycles;
    for (ArrayMember.Free member : members) {
      layers.put(member.layer(), worthwhile(member.options(), lanes));
    }
  }

  /** Layouts that no other one beats in both cycles and cost; those of few cycles first. */
  private static List<Priced> worthwhile(LayerOptions layer, int lanes) {
    List<Priced> sorted =
        layer.all().stream()
            .filter(o -> o.lanes() <= lanes)
            .map(o -> new Priced(o, LANE_COST * o.lanes() + layer.cost(o)))
            .sorted(
                Comparator.comparingLong((Priced p) -> p.option().busy())
                    .thenComparingDouble(Priced::cost))
            .toList();
    List<Priced> front = new ArrayList<>();
    for (Priced priced : sorted) {
      if (front.isEmpty() || priced.cost() < front.get(front.size() - 1).cost()) {
        front.add(priced);
      }
    }
    return front;
  }

  /** Layouts by layer, of those whose folding is open. */
  static Map<String, Option> choose(Group group, long cycles) {
    long given =
        group.members().stream()
            .filter(ArrayMember.Fixed.class::isInstance)
            .mapToLong(member -> member.busy(group.multipliers()))
            .sum();
    List<ArrayMember.Free> free =
        group.members().stream()
            .filter(ArrayMember.Free.class::isInstance)
            .map(ArrayMember.Free.class::cast)
            .toList();
    return new GroupOptions(free, group.multipliers(), cycles - given).choose();
  }

  private Map<String, Option> choose() {
    double low = 0;
    double high = 1e9 / cycles;
    Map<String, Option> best = at(Double.MAX_VALUE);
    for (int round = 0; round < ROUNDS; round++) {
      double middle = round == 0 ? 0 : (low + high) / 2;
      Map<String, Option> chosen = at(middle);
      if (chosen.values().stream().mapToLong(Option::busy).sum() <= cycles) {
        best = chosen;
        high = middle;
      } else {
        low = middle;
      }
      if (high == 0) {
        break;
      }
    }
    return best;
  }

  /** The largest price leaves the cycles alone to decide. */
  private Map<String, Option> at(double price) {
    Map<String, Option> chosen = new LinkedHashMap<>();
    layers.forEach(
        (name, front) ->
            chosen.put(
                name,
                price == Double.MAX_VALUE
                    ? front.get(0).option()
                    : front.stream()
                        .min(Comparator.comparingDouble(p -> p.cost() + price * p.option().busy()))
                        .orElseThrow(() -> new CompilerBug("no layout has a single lane"))
                        .option()));
    return chosen;
  }
}
