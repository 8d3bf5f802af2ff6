// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.Area;
import dev.etch.lower.Addressing;
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
 * layer took where it was built; a correction makes another value.
 */
final class LayerPoints {
  /** Lanes that a point may have: so many times the fewest that keep the pace, and a few more. */
  private static final int MANY_LANES = 2;

  private static final int MORE_LANES = 4;

  /** An estimate is not trusted to be further off than this. */
  private static final double MOST_OFF = 2;

  private final String name;
  private final LayerOptions options;
  private final Forms forms;
  private final Built built;

  /** Part of an estimate that a layout is hoped not to take. */
  private final double hope;

  /** Layouts that differ in their ports alone, those of few ports first. */
  private final List<List<Option>> families;

  /**
   * What was built so far.
   *
   * @param areas by what was built
   * @param ratios of the last one of each family that was
   * @param others that of the last one of all that make as many pixels in as many copies
   */
  private record Built(
      Map<Variant, Area> areas, Map<Family, Ratio> ratios, Map<Pixels, Ratio> others) {
    static final Built NOTHING = new Built(Map.of(), Map.of(), Map.of());

    Built with(Variant variant, Area taken, Ratio ratio) {
      Map<Variant, Area> more = new HashMap<>(areas);
      more.put(variant, taken);
      Map<Family, Ratio> ofFamilies = new HashMap<>(ratios);
      ofFamilies.put(Family.of(variant), ratio);
      Map<Pixels, Ratio> ofPixels = new HashMap<>(others);
      ofPixels.put(Pixels.of(variant), ratio);
      return new Built(more, ofFamilies, ofPixels);
    }

    /** How far the estimate of a layout is off, as far as others tell. */
    Ratio ratio(Variant variant) {
      Ratio similar = others.getOrDefault(Pixels.of(variant), Ratio.EXACT);
      return ratios.getOrDefault(Family.of(variant), similar);
    }
  }

  /**
   * How far an estimate was off.
   *
   * @param tables that were taken, of those estimated
   * @param blocks likewise
   */
  private record Ratio(double tables, double blocks) {
    static final Ratio EXACT = new Ratio(1, 1);

    static Ratio of(Area taken, Area estimate) {
      return new Ratio(
          part(taken.luts(), estimate.luts()), part(taken.blocks(), estimate.blocks()));
    }

    private static double part(double taken, double estimate) {
      return estimate <= 0 ? 1 : Math.max(1 / MOST_OFF, Math.min(MOST_OFF, taken / estimate));
    }
  }

  /**
   * Pixels that a run of the schedule makes, and copies that take the same words; and whether these
   * are coded.
   */
  private record Pixels(int block, int copies, boolean coded) {
    static Pixels of(Variant variant) {
      LaneLayout layout = variant.option().layout();
      return new Pixels(layout.block(), layout.copies(), variant.coded());
    }
  }

  /** Layouts that differ in their ports alone. */
  private record Family(
      int block,
      int copies,
      int clusters,
      int group,
      Addressing addressing,
      Buffering buffering,
      boolean coded) {
    static Family of(Variant variant) {
      LaneLayout layout = variant.option().layout();
      return new Family(
          layout.block(),
          layout.copies(),
          layout.clusters(),
          layout.group(),
          layout.addressing(),
          variant.option().buffering(),
          variant.coded());
    }
  }

  private LayerPoints(String name, LayerOptions options, Forms forms, Built built, double hope) {
    this.name = name;
    this.options = options;
    this.forms = forms;
    this.built = built;
    this.hope = hope;
    Map<Family, List<Option>> byFamily = new LinkedHashMap<>();
    for (Option option : options.own()) {
      byFamily
          .computeIfAbsent(Family.of(Variant.plain(option)), unused -> new ArrayList<>())
          .add(option);
    }
    this.families = List.copyOf(byFamily.values());
  }

  /** The points of a layer of which nothing has been built. */
  static LayerPoints of(String name, LayerOptions options, Forms forms) {
    return new LayerPoints(name, options, forms, Built.NOTHING, 0);
  }

  /** The same for options that were corrected. */
  LayerPoints with(LayerOptions corrected) {
    return corrected == options ? this : new LayerPoints(name, corrected, forms, built, hope);
  }

  /** The same, but layouts that were not built are hoped to take less than estimated by a part. */
  LayerPoints hoping(double part) {
    return new LayerPoints(name, options, forms, built, part);
  }

  LayerOptions options() {
    return options;
  }

  /** The same, but a layout takes what it took where it was built; similar ones are as far off. */
  LayerPoints built(Variant variant, Folding folding, Area taken) {
    Ratio ratio = Ratio.of(taken, options.area().of(variant.option(), folding));
    return new LayerPoints(name, options, forms, built.with(variant, taken, ratio), hope);
  }

  /**
   * The points that do a frame in {@code cycles}, those of few multipliers first; none if it is too
   * fast for all.
   *
   * @param slack part of the cycles that is enough for what has no multipliers, if possible
   */
  List<Point> at(long cycles, double slack) {
    int elements = InputWidths.fewest(options.layer(), cycles * slack);
    List<Point> own = options.multiplies() ? List.of() : at((long) (cycles * slack), elements);
    return own.isEmpty() ? at(cycles, elements) : own;
  }

  private List<Point> at(long cycles, int elements) {
    List<Option> slowest = new ArrayList<>();
    for (List<Option> family : families) {
      for (Option option : family) {
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
        addVariants(
            option, InputWidths.buffering(options.layer(), option, elements, cycles), points);
      }
    }
    return best(points);
  }

  private void addVariants(Option option, Buffering buffering, List<Point> points) {
    for (RescalingForm rescaling : RescalingForm.values()) {
      for (ProductForm products : ProductForm.values()) {
        if (allows(option, products) && allows(option, rescaling)) {
          Variant variant = new Variant(option, false, false, products, rescaling);
          points.add(point(variant, buffering));
          if (option.layout().isBroadcast() && forms.codes()) {
            points.add(point(variant.withCode(true), buffering));
          }
          if (options.layer().canBank(option.layout(), buffering.inputElements())) {
            points.add(point(variant.withBanks(), buffering));
          }
        }
      }
    }
  }

  private Point point(Variant variant, Buffering buffering) {
    Area area = corrected(variant, variant.folding(options.layer(), buffering));
    return new Point(Map.of(name, variant), area);
  }

  private boolean allows(Option option, ProductForm products) {
    return products == ProductForm.MULTIPLIERS
        || (options.multiplies()
            && options.layer().loaded().isEmpty()
            && !option.layout().isBroadcast()
            && option.lanes() <= forms.mostLogic());
  }

  private boolean allows(Option option, RescalingForm rescaling) {
    return rescaling == RescalingForm.ADDERS
        || (forms.scales() && !option.layout().isBroadcast() && options.area().canScale());
  }

  private Area corrected(Variant variant, Folding folding) {
    Area known = built.areas().get(variant);
    if (known != null) {
      return known;
    }
    Area e = options.area().of(variant.option(), folding);
    double multipliers = forms.countsProducts() ? products(variant) : e.multipliers();
    Ratio ratio = built.ratio(variant);
    return new Area(
        (1 - hope) * e.luts() * ratio.tables(),
        e.flipFlops(),
        multipliers,
        (1 - hope) * e.blocks() * ratio.blocks());
  }

  /** What multiplies: in lanes, and in requantizers. */
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
