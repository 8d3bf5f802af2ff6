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
import dev.etch.lower.Plan;
import dev.etch.schedule.Allocation.Limits;
import dev.etch.schedule.ArraySearch.Aim;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * Chooses a folding for every window layer: what {@link DesignSearch} finds for the budget, with
 * layers that share multipliers where that is faster, and with as little sharing as that takes.
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

  /** The part of the cycles of a design without coded words that one with them may take. */
  private static final double WORTH_CODING = 0.99;

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
    space = SearchSpace.of(plan, constraints, mostMultipliers(budget));
    if (space.layers().isEmpty()) {
      return new Draft(space.lower(constraints), constraints).finish();
    }
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

  /** The search for designs of so many multipliers, whatever else they take. */
  private DesignSearch within(int multipliers, Sharing sharing) {
    int logic = constraints.target().hasDspBlocks() ? multipliers / MULTIPLIERS_FOR_LOGIC : 0;
    boolean scales = constraints.target().hasDspBlocks();
    return new DesignSearch(
        space, multipliersAlone(multipliers), sharing, new Forms(logic, scales, true, false));
  }

  private static Limits multipliersAlone(int multipliers) {
    return new Limits(multipliers, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  private ScheduledDesign fastest(int multipliers) {
    if (!isEnough(multipliers)) {
      throw tooFew(multipliers);
    }
    DesignSearch shared = within(multipliers, Sharing.ONE_ARRAY);
    long pace = shared.pace().orElseThrow(() -> tooFew(multipliers));
    Optional<Draft> unshared = unshared(multipliers, (long) (WORTH_SHARING * pace));
    if (unshared.isPresent()) {
      return unshared.get().finish();
    }
    Draft one = shared.run().orElseThrow(() -> tooFew(multipliers));
    Draft fastest = together(multipliers, one).orElse(one);
    Draft least = lessShared(multipliers, fastest);
    return fasterUnshared(multipliers, least).orElse(least).finish();
  }

  private DiagnosticException tooFew(int multipliers) {
    return new DiagnosticException(
        Location.option("--multipliers"),
        multipliers
            + " multipliers are too few: the foldings and arrays of the mapping take "
            + (space.fixedMultipliers() + space.pinnedMultipliers()),
        "ask for more, or leave some of them out and let Etch choose");
  }

  private boolean isEnough(int multipliers) {
    int free = Math.max(0, multipliers - space.fixedMultipliers());
    return new ArraySearch(space, Sharing.ONE_ARRAY)
        .best(UNHURRIED, free, Aim.FEWEST_MULTIPLIERS)
        .isPresent();
  }

  /** All in one array, where some alone are slower than they promised, and this is faster. */
  private Optional<Draft> together(int multipliers, Draft some) {
    double wanted = some.cyclesPerFrame() / WORTH_SHARING;
    DesignSearch all = within(multipliers, Sharing.TOGETHER);
    return all.pace()
        .filter(pace -> pace < wanted)
        .flatMap(pace -> all.run())
        .filter(design -> design.cyclesPerFrame() < wanted);
  }

  /**
   * The same with several arrays of neighbouring layers instead of a large one, if that saves more
   * than it costs: an array's lanes need copies of the window and accumulators in each of its
   * layers.
   */
  private Draft lessShared(int multipliers, Draft shared) {
    DesignSearch divided = within(multipliers, Sharing.NEIGHBOURS);
    long pace = shared.lastingCyclesPerFrame();
    Draft best = shared;
    Set<ArrayDivision> tried = new HashSet<>();
    for (double slower : SLOWER) {
      long cycles = (long) (slower * pace);
      if (divided.division(cycles).filter(tried::add).isPresent()) {
        Draft other = divided.paced(cycles).orElse(best);
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
  private Optional<Draft> fasterUnshared(int multipliers, Draft shared) {
    long reached = shared.cyclesPerFrame();
    return unshared(multipliers, reached - 1).filter(design -> design.cyclesPerFrame() < reached);
  }

  /** A design in which no layers share but those that the user names, if it promises a pace. */
  private Optional<Draft> unshared(int multipliers, long most) {
    DesignSearch alone = within(multipliers, Sharing.ALONE);
    return alone.pace().filter(cycles -> cycles <= most).flatMap(cycles -> alone.run());
  }

  private ScheduledDesign fastest(Budget.Resources resources) {
    Target target = constraints.target();
    int parts = Area.partsOfBlock(target);
    double multipliers = limit(resources.multipliers(), 1);
    double luts = limit(resources.luts(), 1);
    double blocks = limit(resources.blocks(), parts);
    EstimateMargin margin = EstimateMargin.of(target);
    Limits reserved = new Limits(multipliers, margin.luts(luts), margin.blocks(blocks));
    Optional<Draft> design = within(reserved, plainForms()).run();
    Optional<Draft> coded = coded(reserved, design);
    if (coded.or(() -> design).isPresent()) {
      return coded.or(() -> design).get().finish();
    }
    Limits limits = new Limits(multipliers, luts, blocks);
    DesignSearch plain = within(limits, plainForms());
    DesignSearch.Progress withoutCodes = plain.runToTheEnd();
    boolean codes = withoutCodes.best().isEmpty() && hasMatrices();
    DesignSearch wanted = codes ? within(limits, plainForms().withCodes()) : plain;
    DesignSearch.Progress progress = codes ? wanted.runToTheEnd() : withoutCodes;
    return progress
        .best()
        .map(Draft::finish)
        .or(() -> sharedWithin(resources))
        .orElseThrow(() -> tooSmall(resources, wanted.smallest(progress)));
  }

  /**
   * A design with coded words that is faster than one without; empty if there is none. Codes cost
   * look-up tables, so a search that has them may pass over what it would find without: what is as
   * fast without them stays without them.
   */
  private Optional<Draft> coded(Limits limits, Optional<Draft> plain) {
    if (!hasMatrices()) {
      return Optional.empty();
    }
    double most =
        plain.map(d -> d.cyclesPerFrame() * WORTH_CODING).orElse(Double.POSITIVE_INFINITY);
    DesignSearch search = within(limits, plainForms().withCodes());
    return search
        .pace()
        .filter(cycles -> cycles < most)
        .flatMap(cycles -> search.run())
        .filter(design -> design.cyclesPerFrame() < most);
  }

  private boolean hasMatrices() {
    return space.layers().values().stream().anyMatch(LayerOptions::hasMatrices);
  }

  private Forms plainForms() {
    return new Forms(Integer.MAX_VALUE, constraints.target().hasDspBlocks(), false, false);
  }

  private DesignSearch within(Limits limits, Forms forms) {
    return new DesignSearch(space, limits, Sharing.ALONE, forms);
  }

  /** Layers that share multipliers can be smaller than the smallest of their own. */
  private Optional<ScheduledDesign> sharedWithin(Budget.Resources resources) {
    int most = Math.max(DEFAULT_MULTIPLIERS, space.multiplying().size());
    int lanes = Math.min(most, resources.multipliers().orElse(most));
    for (; lanes > space.fixedMultipliers() && isEnough(lanes); lanes /= 2) {
      ScheduledDesign design = fastest(lanes);
      Area area = DesignArea.of(design.lowered().design(), constraints.target()).total();
      if (resources.shortages(area, constraints.target()).isEmpty()) {
        return Optional.of(design);
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
    DesignSearch search =
        new DesignSearch(space, Limits.NONE, Sharing.ONE_ARRAY, new Forms(0, false, true, false));
    long aim = cycles;
    ScheduledDesign fastest = null;
    for (int attempt = 0; attempt < ATTEMPTS && aim >= space.leastCycles(); attempt++) {
      double slack = Estimates.SLACKS[Math.min(attempt, Estimates.SLACKS.length - 1)];
      Optional<ScheduledDesign> design = search.cheapest(aim, slack).map(Draft::finish);
      if (design.isEmpty()) {
        break;
      }
      long measured = design.get().prediction().cyclesPerFrame();
      if (measured <= cycles) {
        return design.get();
      }
      if (fastest == null || measured < fastest.prediction().cyclesPerFrame()) {
        fastest = design.get();
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
        .map(Draft::finish)
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
    boolean asked = constraints.clock().required();
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
        asked ? "ask for a lower rate, or raise --clock" : "ask for a lower rate");
  }
}
