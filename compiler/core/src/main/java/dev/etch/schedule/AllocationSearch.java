// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.Area;
import dev.etch.area.DesignArea;
import dev.etch.diagnostic.CompilerBug;
import dev.etch.hardware.Design;
import dev.etch.hardware.Target;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WindowUnit;
import dev.etch.lower.Folding;
import dev.etch.lower.LoweredModel;
import dev.etch.schedule.Allocation.Limits;
import dev.etch.schedule.LayerPoints.Point;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The fastest design whose estimated area is within limits, where no layers share multipliers. For
 * a pace, each layer offers its layouts as points of multipliers, look-up tables and memory blocks
 * ({@link LayerPoints}), {@link Allocation} takes one of each, and the pace is found by bisection.
 * Then the design is built and played: what its layers took, and what everything between them
 * takes, corrects the estimates, and the search is repeated, a few times at most.
 */
final class AllocationSearch {
  /** Designs that are built at most. */
  private static final int BUILDS = 6;

  /** Choices that are made at most because schedules turned out longer than their bounds. */
  private static final int ROUNDS = 24;

  /** Part of the cycles up to which the pace is found by bisection. */
  private static final double RESOLUTION = 0.0005;

  /** Another design is built only if it promises to be faster by this part. */
  private static final double WORTH_BUILDING = 0.004;

  /** Slower than promised by this part: other layers are in the way. */
  private static final double KEPT = 0.01;

  /** Cycles a frame beyond which no design is looked for. */
  private static final long SLOWEST = 1L << 40;

  private final SearchSpace space;
  private final Limits limits;
  private final boolean countsProducts;
  private final Map<String, LayerPoints> layers = new LinkedHashMap<>();
  private Area rest;

  /** What is left free because estimates turned out too low. */
  private Area margin = Area.NONE;

  private boolean leavesFree = true;

  private double slack = ArrayFoldings.SLACKS[0];
  private Draft best;
  private Area smallest;

  /** A choice for a pace. */
  private record Choice(long cycles, Map<String, Variant> variants, Mapping mapping) {}

  /**
   * A search.
   *
   * @param limits of the whole design
   * @param mostLogic lanes of a layer at most whose products come from adders
   * @param countsProducts whether what multiplies counts as a multiplier even if it takes no DSP
   *     block
   */
  AllocationSearch(SearchSpace space, Limits limits, int mostLogic, boolean countsProducts) {
    this.space = space;
    this.limits = limits;
    this.countsProducts = countsProducts;
    boolean scales = space.constraints().target().hasDspBlocks();
    space
        .layers()
        .forEach(
            (name, layer) ->
                layers.put(name, new LayerPoints(layer, mostLogic, scales, countsProducts)));
    this.rest = new Area(0, 0, space.fixedMultipliers(), 0);
  }

  /** The cycles a frame that estimates promise; empty if nothing fits. */
  Optional<Long> pace() {
    return fastest().map(Choice::cycles);
  }

  /** The fastest design that was built and fits; empty if none did. */
  Optional<ScheduledDesign> run() {
    search();
    return Optional.ofNullable(best).map(Draft::finish);
  }

  /**
   * The same. Where nothing fits, what was left free for estimates that turned out too low is given
   * back first, as far as designs that were built since have corrected them; then a design is as
   * small as can be, whatever its pace.
   */
  Optional<ScheduledDesign> runToTheEnd() {
    search();
    leavesFree = false;
    if (best == null) {
      margin = Area.NONE;
      search();
    }
    Set<Map<String, Variant>> tried = new HashSet<>();
    while (best == null && tried.size() < BUILDS) {
      Choice choice = least();
      if (!tried.add(choice.variants())) {
        break;
      }
      build(choice);
    }
    return Optional.ofNullable(best).map(Draft::finish);
  }

  private void search() {
    for (int build = 0; build < BUILDS; build++) {
      Optional<Choice> choice = scheduled();
      if (choice.isEmpty() || !promises(choice.get())) {
        break;
      }
      build(choice.get());
    }
  }

  /** Builds a design; plays it if it fits. */
  private void build(Choice choice) {
    Target target = space.constraints().target();
    LoweredModel lowered = space.lower(choice.mapping());
    DesignArea shallow = DesignArea.of(lowered.design(), target);
    Area area = learn(choice, lowered.design(), shallow);
    if (limits.hold(area)) {
      Draft design = new Draft(lowered, choice.mapping());
      area = learn(choice, design.design(), shallow.withQueuesOf(design.design(), target));
      if (limits.hold(area)) {
        best = best == null || cycles(design) < cycles(best) ? design : best;
        if (cycles(design) > choice.cycles() * (1 + KEPT)) {
          tighten();
        }
      }
    }
    margin = leavesFree ? margin.plus(excess(area)) : margin;
    smallest = smallest == null || area.luts() < smallest.luts() ? area : smallest;
  }

  /** The area of a design that does not fit, but is small. */
  Area smallest() {
    if (smallest == null) {
      Choice choice = least();
      Design design = space.lower(choice.mapping()).design();
      smallest = learn(choice, design, DesignArea.of(design, space.constraints().target()));
    }
    return smallest;
  }

  /** The smallest choice: within the limits if there is one, else within that of multipliers. */
  private Choice least() {
    double any = Double.POSITIVE_INFINITY;
    return choose(SLOWEST, limits.minus(rest))
        .or(() -> choose(SLOWEST, new Limits(limits.multipliers() - rest.multipliers(), any, any)))
        .or(() -> choose(SLOWEST, new Limits(any, any, any)))
        .orElseThrow(() -> new CompilerBug("no layout keeps up with no pace at all"));
  }

  /** What a design takes too much. */
  private Area excess(Area area) {
    return new Area(
        Math.max(0, area.luts() - limits.luts()),
        0,
        Math.max(0, area.multipliers() - limits.multipliers()),
        Math.max(0, area.blocks() - limits.blocks()));
  }

  private boolean promises(Choice choice) {
    return best == null || choice.cycles() < cycles(best) * (1 - WORTH_BUILDING);
  }

  private void tighten() {
    for (double next : ArrayFoldings.SLACKS) {
      if (next < slack) {
        slack = next;
        return;
      }
    }
  }

  private static long cycles(Draft design) {
    return design.cyclesPerFrame();
  }

  /** The fastest choice whose schedules are as long as it says. */
  private Optional<Choice> scheduled() {
    Optional<Choice> choice = fastest();
    for (int round = 0; round < ROUNDS && choice.filter(this::correct).isPresent(); round++) {
      choice = fastest();
    }
    return choice;
  }

  private boolean correct(Choice choice) {
    space.schedule(choice.mapping().layers());
    return space.correct(choice.variants(), choice.mapping().layers(), choice.cycles());
  }

  private Optional<Choice> fastest() {
    Limits left = limits.minus(rest).minus(margin);
    long low = Math.max(space.leastCycles(), space.hostCycles());
    long high = low;
    Optional<Choice> found = choose(high, left);
    while (found.isEmpty() && high < SLOWEST) {
      low = high;
      high *= 2;
      found = choose(high, left);
    }
    while (found.isPresent() && high - low > Math.max(1, low * RESOLUTION)) {
      long middle = (low + high) / 2;
      Optional<Choice> faster = choose(middle, left);
      found = faster.isPresent() ? faster : found;
      low = faster.isPresent() ? low : middle;
      high = faster.isPresent() ? middle : high;
    }
    return found.isPresent() && limits.luts() == Double.POSITIVE_INFINITY
        ? choose(ArrayFoldings.relaxed(high), left)
        : found;
  }

  /** A point of each layer for a pace; empty if none fit. */
  private Optional<Choice> choose(long cycles, Limits left) {
    List<List<Point>> points =
        layers.values().parallelStream().map(layer -> points(layer, cycles)).toList();
    return Allocation.find(points, left).map(chosen -> choice(cycles, chosen));
  }

  private List<Point> points(LayerPoints layer, long cycles) {
    int elements = InputWidths.fewest(layer.options().layer(), cycles * slack);
    List<Point> own =
        layer.options().multiplies() ? List.of() : layer.at((long) (cycles * slack), elements);
    return own.isEmpty() ? layer.at(cycles, elements) : own;
  }

  private Choice choice(long cycles, List<Point> chosen) {
    Map<String, Variant> variants = new LinkedHashMap<>();
    layers.keySet().forEach(name -> variants.put(name, chosen.get(variants.size()).variant()));
    Mapping mapping = space.constraints().withLayers(space.foldings(variants, cycles, slack));
    return new Choice(cycles, variants, mapping);
  }

  /**
   * What the layers took corrects their points; everything else is taken off the limits. Returns
   * all.
   */
  private Area learn(Choice choice, Design design, DesignArea area) {
    Map<String, Area> taken = new LinkedHashMap<>();
    Area uncounted = Area.NONE;
    for (Unit unit : design.units()) {
      if (unit instanceof WindowUnit window) {
        Area own = area.units().get(unit.name());
        double more = countsProducts ? Math.max(0, window.multipliers() - own.multipliers()) : 0;
        Area one = new Area(0, 0, more, 0);
        taken.put(unit.layer(), own.plus(one));
        uncounted = uncounted.plus(one);
      }
    }
    Area ofLayers = Area.NONE;
    for (Map.Entry<String, LayerPoints> layer : layers.entrySet()) {
      Area own = taken.get(layer.getKey());
      Folding folding = choice.mapping().layers().get(layer.getKey());
      layer.getValue().built(choice.variants().get(layer.getKey()), folding, own);
      ofLayers = ofLayers.plus(own);
    }
    Area total = area.total().plus(uncounted);
    rest = total.plus(ofLayers.times(-1));
    return total;
  }
}
