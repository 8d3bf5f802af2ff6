// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.schedule.LayerOptions.Option;
import dev.etch.schedule.Partition.Group;
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

  private final List<ArrayMember.Free> members;
  private final int lanes;
  private final long cycles;

  private GroupOptions(List<ArrayMember.Free> members, int lanes, long cycles) {
    this.members = members;
    this.lanes = lanes;
    this.cycles = cycles;
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

  private Map<String, Option> at(double price) {
    Map<String, Option> chosen = new LinkedHashMap<>();
    for (ArrayMember.Free member : members) {
      chosen.put(member.layer(), best(member, price));
    }
    return chosen;
  }

  private Option best(ArrayMember.Free member, double price) {
    Option best = null;
    for (Option option : member.options().all()) {
      if (option.lanes() <= lanes && (best == null || cost(option, price) < cost(best, price))) {
        best = option;
      }
    }
    if (best == null) {
      throw new CompilerBug("no layout has a single lane");
    }
    return best;
  }

  /** The largest price leaves the cycles alone to decide. */
  private static double cost(Option option, double price) {
    return price == Double.MAX_VALUE
        ? option.busy()
        : LANE_COST * option.lanes() + option.cost() + price * option.busy();
  }
}
