// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.Area;
import dev.etch.area.DesignArea;
import dev.etch.area.EstimateMargin;
import dev.etch.area.Shortage;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.hardware.Target;
import dev.etch.lower.Folding;
import dev.etch.lower.Plan;
import dev.etch.lower.SharedLayers;
import dev.etch.lower.Stage;
import dev.etch.schedule.Allocation.Limits;
import dev.etch.schedule.ArraySearch.Aim;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * Chooses a folding for every window layer. {@link AllocationSearch} gives each layer multipliers,
 * look-up tables and memory blocks of its own; {@link ArrayFoldings} lets layers share multipliers,
 * where that is faster.
 */
final class FoldingSearch {
  /** Multipliers when the user asks for nothing in particular, and there are fewer layers. */
  private static final int DEFAULT_MULTIPLIERS = 32;

  /** Multipliers of a layer that are worth trying when only a rate is asked for. */
  private static final int MOST_MULTIPLIERS = 4096;

  /** The same where area is limited. */
  private static final int MOST_OF_AREA = 1024;

  private static final int ATTEMPTS = 8;

  /** How much slower a design with less sharing must be to be given up for one with more. */
  private static final double WORTH_SHARING = 1.03;

  /** Paces at which less sharing is tried, in that of the design with more. */
  private static final double[] SLOWER = {1, 1.01, 1.025};

  /** A part of the pace is worth so many parts of the area. */
  private static final double AREA_OF_PACE = 10;

  /** The part of the least cycles a frame, as estimated, that designs may turn out to take. */
  private static final double ESTIMATE = 0.9;

  /** Cycles a frame that any choice keeps up with. */
  private static final long UNHURRIED = 1L << 50;

  /**
   * Multipliers for each lane of adders that a layer may have, where only multipliers are counted:
   * so few help small layers, and no layer of weight gets around what was asked for.
   */
  private static final int MULTIPLIERS_FOR_LOGIC = 32;

  private final Plan plan;
  private final Mapping constraints;
  private final DiagnosticCollector diagnostics;
  private SearchSpace space;
  private ArrayFoldings foldings;
  private ArraySearch search;

  FoldingSearch(Plan plan, Mapping constraints, DiagnosticCollector diagnostics) {
    this.plan = plan;
    this.constraints = constraints;
    this.diagnostics = diagnostics;
  }

  ScheduledDesign run() {
    FixedFoldings.check(plan, constraints, diagnostics);
    FixedFoldings.checkArrays(plan, constraints, diagnostics);
    diagnostics.throwIfErrors();
    Budget budget = budget();
    space = new SearchSpace(plan, constraints, mostMultipliers(budget));
    if (space.layers().isEmpty()) {
      return space.build(constraints);
    }
    search = search();
    if (budget instanceof Budget.Multipliers multipliers) {
      return fastest(multipliers.count());
    }
    if (budget instanceof Budget.Resources resources) {
      return fastest(resources);
    }
    if (budget instanceof Budget.CyclesPerFrame cycles) {
      return smallest(cycles.cycles(), this::tooFewCycles);
    }
    double rate = ((Budget.FramesPerSecond) budget).rate();
    long cycles = (long) (constraints.clockMegahertz() * 1e6 / rate);
    return smallest(cycles, (aim, reached) -> tooHighRate(rate, reached));
  }

  private Budget budget() {
    return constraints
        .budget()
        .orElseGet(
            () ->
                new Budget.Multipliers(
                    (int)
                        Math.max(
                            DEFAULT_MULTIPLIERS,
                            plan.windows().stream().filter(SearchSpace::multiplies).count())));
  }

  private static int mostMultipliers(Budget budget) {
    if (budget instanceof Budget.Multipliers multipliers) {
      return multipliers.count();
    }
    if (budget instanceof Budget.Resources resources) {
      return Math.max(1, resources.multipliers().orElse(MOST_OF_AREA));
    }
    return MOST_MULTIPLIERS;
  }

  /** Layers with given foldings and no given array have their multipliers to themselves. */
  private ArraySearch search() {
    Map<String, ArrayMember> members = new LinkedHashMap<>();
    for (Stage.OfWindow stage : space.multiplying()) {
      Folding given = constraints.layers().get(stage.layer());
      members.put(
          stage.layer(),
          given == null
              ? new ArrayMember.Free(stage.layer(), space.layers().get(stage.layer()))
              : space.fixed(stage, given));
    }
    foldings = new ArrayFoldings(space, List.copyOf(members.keySet()));
    List<ArraySearch.Pinned> pinned = new ArrayList<>();
    List<ArrayMember> all = List.copyOf(members.values());
    for (SharedLayers array : constraints.arrays()) {
      List<ArrayMember> inOrder =
          all.stream().filter(m -> array.layers().contains(m.layer())).toList();
      pinned.add(new ArraySearch.Pinned(inOrder, array.multipliers()));
      members.keySet().removeAll(array.layers());
    }
    members.keySet().removeAll(constraints.layers().keySet());
    return new ArraySearch(List.copyOf(members.values()), pinned);
  }

  private ScheduledDesign fastest(int multipliers) {
    int free = multipliers - space.fixedMultipliers();
    if (!isEnough(multipliers)) {
      throw new DiagnosticException(
          Location.option("--multipliers"),
          multipliers
              + " multipliers are too few: the foldings and arrays of the mapping take "
              + (space.fixedMultipliers() + space.pinnedMultipliers()),
          "ask for more, or leave some of them out and let Etch choose");
    }
    long pace = foldings.pace(search, free);
    Optional<ScheduledDesign> unshared = unshared(multipliers, (long) (WORTH_SHARING * pace));
    if (unshared.isPresent()) {
      return unshared.get();
    }
    Draft design = foldings.fastest(search, free);
    double wanted = design.cyclesPerFrame() / WORTH_SHARING;
    if (search.together().isPresent() && foldings.pace(search.together().get(), free) < wanted) {
      Draft other = foldings.fastest(search.together().get(), free);
      design = other.cyclesPerFrame() < wanted ? other : design;
    }
    Draft shared = lessShared(design, free);
    return fasterUnshared(multipliers, shared).orElseGet(shared::finish);
  }

  /**
   * The same with several arrays of neighbouring layers instead of a large one, if that saves more
   * than it costs: an array's lanes need copies of the window and accumulators in each of its
   * layers.
   */
  private Draft lessShared(Draft shared, int multipliers) {
    ArraySearch divided = search.divided();
    long pace = shared.lastingCyclesPerFrame();
    Draft best = shared;
    Set<Partition> tried = new HashSet<>();
    for (double slower : SLOWER) {
      long cycles = (long) (slower * pace);
      if (divided.best(cycles, multipliers, Aim.LEAST_SHARING).filter(tried::add).isPresent()) {
        Draft other = foldings.paced(divided, cycles, multipliers).orElse(best);
        if (worth(other, pace) < worth(best, pace)
            && other.lastingCyclesPerFrame() <= WORTH_SHARING * pace) {
          best = other;
        }
      }
    }
    return best;
  }

  /** The area of a design, and more if it is slower than a pace. */
  private double worth(Draft design, long pace) {
    Area area = DesignArea.of(design.design(), constraints.target()).total();
    double slower = Math.max(0, (double) design.lastingCyclesPerFrame() / pace - 1);
    return LayerOptions.cost(area) * (1 + AREA_OF_PACE * slower);
  }

  /** Sharing can turn out slower than it was estimated: then whole lanes a layer are better. */
  private Optional<ScheduledDesign> fasterUnshared(int multipliers, Draft shared) {
    long reached = shared.cyclesPerFrame();
    return unshared(multipliers, reached - 1)
        .filter(design -> design.prediction().cyclesPerFrame() < reached);
  }

  /** A design in which no layers share but those that the user names, if it is fast enough. */
  private Optional<ScheduledDesign> unshared(int multipliers, long most) {
    if (constraints.arrays().isEmpty()) {
      int logic = constraints.target().hasDspBlocks() ? multipliers / MULTIPLIERS_FOR_LOGIC : 0;
      Limits limits = new Limits(multipliers, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
      AllocationSearch allocation = new AllocationSearch(space, limits, logic, true);
      return allocation.pace().filter(cycles -> cycles <= most).flatMap(c -> allocation.run());
    }
    int free = multipliers - space.fixedMultipliers();
    ArraySearch alone = search.alone();
    return alone.best(UNHURRIED, free, Aim.FEWEST_MULTIPLIERS).isPresent()
            && foldings.pace(alone, free) <= most
        ? Optional.of(foldings.fastest(alone, free).finish())
        : Optional.empty();
  }

  private ScheduledDesign fastest(Budget.Resources resources) {
    Target target = constraints.target();
    int parts = Area.partsOfBlock(target);
    double multipliers = limit(resources.multipliers(), 1);
    double luts = limit(resources.luts(), 1);
    double blocks = limit(resources.blocks(), parts);
    EstimateMargin margin = EstimateMargin.of(target);
    Limits reserved = new Limits(multipliers, margin.luts(luts), margin.blocks(blocks));
    Limits all = new Limits(multipliers, luts, blocks);
    AllocationSearch wanted = new AllocationSearch(space, all, Integer.MAX_VALUE, false);
    return new AllocationSearch(space, reserved, Integer.MAX_VALUE, false)
        .run()
        .or(wanted::runToTheEnd)
        .or(() -> sharedWithin(resources))
        .orElseThrow(() -> tooSmall(resources, wanted.smallest()));
  }

  /** Layers that share multipliers can be smaller than the smallest of their own. */
  private Optional<ScheduledDesign> sharedWithin(Budget.Resources resources) {
    int most = Math.max(DEFAULT_MULTIPLIERS, space.multiplying().size());
    int lanes = Math.min(most, resources.multipliers().orElse(most));
    for (; lanes > space.fixedMultipliers(); lanes /= 2) {
      int free = lanes - space.fixedMultipliers();
      if (search.best(UNHURRIED, free, Aim.FEWEST_MULTIPLIERS).isPresent()) {
        ScheduledDesign design = fastest(lanes);
        Area area = DesignArea.of(design.lowered().design(), constraints.target()).total();
        if (resources.shortages(area, constraints.target()).isEmpty()) {
          return Optional.of(design);
        }
      }
    }
    return Optional.empty();
  }

  private static double limit(java.util.OptionalInt amount, int parts) {
    return amount.isPresent() ? (double) amount.getAsInt() * parts : Double.POSITIVE_INFINITY;
  }

  private DiagnosticException tooSmall(Budget.Resources resources, Area smallest) {
    List<Shortage> shortages = resources.shortages(smallest, constraints.target());
    return new DiagnosticException(
        Location.option("budget"),
        "the smallest design that was found does not fit: it takes about "
            + shortages.stream().map(Shortage::toString).collect(Collectors.joining("; ")),
        "take a larger device, or a smaller or sparser model");
  }

  private ScheduledDesign smallest(
      long cycles, BiFunction<Long, Long, DiagnosticException> unreachable) {
    long aim = cycles;
    ScheduledDesign fastest = null;
    for (int attempt = 0; attempt < ATTEMPTS && aim >= space.leastCycles(); attempt++) {
      if (!foldings.keepsUp(search, aim, MOST_MULTIPLIERS)) {
        break;
      }
      double slack = ArrayFoldings.SLACKS[Math.min(attempt, ArrayFoldings.SLACKS.length - 1)];
      ScheduledDesign design = foldings.smallest(search, aim, slack, MOST_MULTIPLIERS);
      long measured = design.prediction().cyclesPerFrame();
      if (measured <= cycles) {
        return design;
      }
      if (fastest == null || measured < fastest.prediction().cyclesPerFrame()) {
        fastest = design;
      }
      aim = Math.min(aim - 1, aim * cycles / measured);
    }
    Optional<ScheduledDesign> other = smallestUnshared(cycles).or(() -> smallestOfFastest(cycles));
    if (other.isPresent()) {
      return other.get();
    }
    long reached = fastest == null ? space.leastCycles() : fastest.prediction().cyclesPerFrame();
    throw unreachable.apply(cycles, Math.max(cycles + 1, reached));
  }

  /** Whole lanes a layer can be faster than what layers share. */
  private Optional<ScheduledDesign> smallestUnshared(long cycles) {
    return fewest(multipliers -> unsharedWithin(multipliers, cycles));
  }

  /**
   * Where a hurry is about that of the fastest designs: they can be a little faster than thought.
   */
  private Optional<ScheduledDesign> smallestOfFastest(long cycles) {
    return cycles >= ESTIMATE * space.leastCycles()
        ? fewest(
            multipliers ->
                Optional.of(multipliers)
                    .filter(this::isEnough)
                    .map(this::fastest)
                    .filter(design -> design.prediction().cyclesPerFrame() <= cycles))
        : Optional.empty();
  }

  private boolean isEnough(int multipliers) {
    int free = Math.max(0, multipliers - space.fixedMultipliers());
    return search.best(UNHURRIED, free, Aim.FEWEST_MULTIPLIERS).isPresent();
  }

  /** The design with the fewest multipliers, if more are never worse. */
  private static Optional<ScheduledDesign> fewest(IntFunction<Optional<ScheduledDesign>> within) {
    Optional<ScheduledDesign> best = within.apply(MOST_MULTIPLIERS);
    int tooFew = 0;
    int enough = MOST_MULTIPLIERS;
    while (best.isPresent() && enough - tooFew > 1) {
      int middle = (tooFew + enough) / 2;
      Optional<ScheduledDesign> fewer = within.apply(middle);
      if (fewer.isPresent()) {
        best = fewer;
        enough = middle;
      } else {
        tooFew = middle;
      }
    }
    return best;
  }

  private Optional<ScheduledDesign> unsharedWithin(int multipliers, long cycles) {
    return unshared(multipliers, cycles)
        .filter(design -> design.prediction().cyclesPerFrame() <= cycles);
  }

  private DiagnosticException tooFewCycles(long cycles, long reached) {
    return new DiagnosticException(
        Location.option("--cycles"),
        String.format(
            Locale.ROOT,
            "%,d cannot be reached; this model takes at least about %,d cycles a frame",
            cycles,
            reached),
        "ask for more cycles");
  }

  private DiagnosticException tooHighRate(double rate, long reached) {
    double clock = constraints.clockMegahertz();
    return new DiagnosticException(
        Location.option("--fps"),
        String.format(
            Locale.ROOT,
            "%,.0f frames a second cannot be reached at %s MHz; this model reaches about %,.0f,"
                + " with %,d cycles a frame",
            rate,
            clock,
            Math.floor(clock * 1e6 / reached),
            reached),
        "ask for a lower rate, or raise --clock");
  }
}
