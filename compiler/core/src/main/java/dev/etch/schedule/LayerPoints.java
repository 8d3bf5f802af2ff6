// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.Area;
import dev.etch.lower.Buffering;
import dev.etch.lower.Folding;
import dev.etch.lower.LaneLayout;
import dev.etch.lower.ProductForm;
import dev.etch.lower.RescalingForm;
import dev.etch.schedule.LayerOptions.Option;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The layouts of one layer that keep a pace, as points of multipliers, look-up tables and memory
 * blocks, as far as no other point is better in all of them. Estimates are corrected by what the
 * layer took where it was built.
 */
final class LayerPoints {
  /** Lanes that a point may have: so many times the fewest that keep the pace, and a few more. */
  private static final int MANY_LANES = 2;

  private static final int MORE_LANES = 4;

  /** An estimate is not trusted to be further off than this. */
  private static final double MOST_OFF = 2;

  private final LayerOptions options;
  private final LayoutArea area;
  private final int mostLogic;
  private final boolean scales;
  private final boolean countsProducts;

  /** Numbers of the layouts that differ in their ports alone, those of few ports first. */
  private final List<List<Integer>> families;

  private final Map<Variant, Area> built = new HashMap<>();
  private double tables = 1;
  private double blocks = 1;

  /**
   * A point.
   *
   * @param area estimated
   */
  record Point(Variant variant, Area area) {}

  /** Layouts that differ in their ports alone. */
  private record Family(int block, int clusters, int group, boolean shared) {
    static Family of(LaneLayout layout) {
      return new Family(layout.block(), layout.clusters(), layout.group(), layout.shared());
    }
  }

  /**
   * The points of a layer.
   *
   * @param mostLogic lanes at most whose products come from adders
   * @param scales whether requantizers may scale with multipliers
   * @param countsProducts whether what multiplies counts as a multiplier even if it takes no DSP
   *     block, as where Yosys finds none or factors are narrow
   */
  LayerPoints(LayerOptions options, int mostLogic, boolean scales, boolean countsProducts) {
    this.options = options;
    this.area = options.area();
    this.mostLogic = options.multiplies() ? mostLogic : 0;
    this.scales = scales && area.canScale();
    this.countsProducts = countsProducts;
    Map<Family, List<Integer>> numbers = new LinkedHashMap<>();
    for (int number = 0; number < options.all().size(); number++) {
      numbers
          .computeIfAbsent(
              Family.of(options.all().get(number).layout()), unused -> new ArrayList<>())
          .add(number);
    }
    this.families = List.copyOf(numbers.values());
  }

  LayerOptions options() {
    return options;
  }

  /** Notes what a layout took where it was built; similar ones are as far off, most likely. */
  void built(Variant variant, Folding folding, Area taken) {
    Area estimate = area.of(variant.option(), folding);
    tables = part(taken.luts(), estimate.luts());
    blocks = part(taken.blocks(), estimate.blocks());
    built.put(variant, taken);
  }

  private static double part(double taken, double estimate) {
    return estimate <= 0 ? 1 : Math.max(1 / MOST_OFF, Math.min(MOST_OFF, taken / estimate));
  }

  /**
   * The points that do a frame in {@code cycles}, those of few multipliers first; none if it is too
   * fast for all.
   *
   * @param elements of a beat of the input
   */
  List<Point> at(long cycles, int elements) {
    List<Option> slowest = new ArrayList<>();
    for (List<Integer> family : families) {
      for (int number : family) {
        Option option = options.all().get(number);
        if (option.cycles() <= cycles) {
          slowest.add(option);
          break;
        }
      }
    }
    int least = slowest.stream().mapToInt(Option::lanes).min().orElse(0);
    List<Point> points = new ArrayList<>();
    for (Option option : slowest) {
      if (option.lanes() <= MANY_LANES * least + MORE_LANES) {
        boolean ahead = InputWidths.losesTimeBetweenFrames(options.layer(), option, cycles);
        addVariants(option, new Buffering(elements, ahead), points);
      }
    }
    return best(points);
  }

  private void addVariants(Option option, Buffering buffering, List<Point> points) {
    for (RescalingForm rescaling : RescalingForm.values()) {
      for (ProductForm products : ProductForm.values()) {
        if (allows(option, products) && (rescaling == RescalingForm.ADDERS || scales)) {
          Variant variant = new Variant(option, products, rescaling);
          points.add(new Point(variant, corrected(variant, variant.folding(buffering))));
        }
      }
    }
  }

  private boolean allows(Option option, ProductForm products) {
    return products == ProductForm.MULTIPLIERS || option.lanes() <= mostLogic;
  }

  private Area corrected(Variant variant, Folding folding) {
    Area known = built.get(variant);
    if (known != null) {
      return known;
    }
    Area e = area.of(variant.option(), folding);
    double multipliers =
        countsProducts ? Math.max(e.multipliers(), products(variant)) : e.multipliers();
    return new Area(e.luts() * tables, e.flipFlops(), multipliers, e.blocks() * blocks);
  }

  /** What multiplies: of lanes, and of requantizers. */
  private int products(Variant variant) {
    boolean multiplies = options.multiplies() && variant.products() == ProductForm.MULTIPLIERS;
    int ofLanes = multiplies ? variant.option().multipliers() : 0;
    int each = options.layer().requantizers().multiplier().map(m -> m.multipliersEach()).orElse(0);
    boolean scaling = variant.rescaling() == RescalingForm.MULTIPLIER;
    return ofLanes + (scaling ? variant.option().layout().clusters() * each : 0);
  }

  /** Those that no other is as good as in everything. */
  private static List<Point> best(List<Point> points) {
    points.sort(
        Comparator.comparingDouble((Point p) -> p.area().multipliers())
            .thenComparingDouble(p -> p.area().luts())
            .thenComparingDouble(p -> p.area().blocks()));
    List<Point> best = new ArrayList<>();
    for (Point point : points) {
      if (best.stream().noneMatch(b -> covers(b.area(), point.area()))) {
        best.add(point);
      }
    }
    return best;
  }

  /** Whether the one that has no more multipliers takes no more of the others. */
  private static boolean covers(Area one, Area other) {
    return one.luts() <= other.luts() && one.blocks() <= other.blocks();
  }
}
