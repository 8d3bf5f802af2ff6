// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.Area;
import dev.etch.diagnostic.CompilerBug;
import dev.etch.lower.Buffering;
import dev.etch.schedule.ArrayDivision.Group;
import dev.etch.schedule.LayerOptions.Option;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

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

  /**
   * The point of an array.
   *
   * @param slack part of the cycles in which the window buffers have to be written
   */
  static Point point(Group group, long cycles, double slack) {
    Map<String, Variant> variants = new LinkedHashMap<>();
    Map<String, Option> chosen = choose(group, cycles);
    double luts = 0;
    double flipFlops = 0;
    double blocks = 0;
    for (ArrayMember.Free member : free(group)) {
      Variant plain = Variant.plain(chosen.get(member.layer()));
      Variant variant =
          Stream.of(plain, plain.withBanks())
              .min(
                  Comparator.comparingDouble(
                      v -> LayerOptions.cost(area(member.options(), v, cycles, slack))))
              .orElseThrow(() -> new CompilerBug("no variant of a layout"));
      variants.put(member.layer(), variant);
      Area area = area(member.options(), variant, cycles, slack);
      luts += area.luts() + LANE_COST * variant.option().lanes();
      flipFlops += area.flipFlops();
      blocks += area.blocks();
    }
    return new Point(variants, new Area(luts, flipFlops, group.multipliers(), blocks));
  }

  private static Area area(LayerOptions layer, Variant variant, long cycles, double slack) {
    int elements = InputWidths.fewest(layer.layer(), cycles * slack);
    Buffering buffering = InputWidths.buffering(layer.layer(), variant.option(), elements, cycles);
    return layer.area().of(variant.option(), variant.folding(layer.layer(), buffering));
  }

  private static List<ArrayMember.Free> free(Group group) {
    return group.members().stream()
        .filter(ArrayMember.Free.class::isInstance)
        .map(ArrayMember.Free.class::cast)
        .toList();
  }

  /** Layouts by layer, of those whose folding is open. */
  private static Map<String, Option> choose(Group group, long cycles) {
    long given =
        group.members().stream()
            .filter(ArrayMember.Fixed.class::isInstance)
            .mapToLong(member -> member.busy(group.multipliers()))
            .sum();
    return new GroupOptions(free(group), group.multipliers(), cycles - given).choose();
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
