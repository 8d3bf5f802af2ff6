// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.Area;
import dev.etch.area.DesignArea;
import dev.etch.hardware.Design;
import dev.etch.hardware.Target;
import dev.etch.lower.LoweredModel;
import dev.etch.schedule.Allocation.Limits;
import dev.etch.schedule.ArraySearch.Aim;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The search for a design within limits, whatever they are. {@link PaceSearch} chooses, by
 * estimates; schedules are made, which can turn out longer than their bounds; and the design is
 * built and played. What this shows corrects the {@link Estimates} of the next round, of which
 * there are few.
 */
final class DesignSearch {
  /** Designs that are built at most. */
  private static final int BUILDS = 6;

  /** Choices that are made at most because schedules turned out longer than their bounds. */
  private static final int ROUNDS = 24;

  /**
   * By which part estimates are taken for too high, in the end: they can be that as well as too
   * low, and a layout's area is known only when it is built.
   */
  private static final double[] HOPES = {0.15, 0.15, 0.1, 0.05};

  /** Another design is built only if it promises to be faster by this part. */
  private static final double WORTH_BUILDING = 0.001;

  /** Slower than promised by this part: other layers are in the way. */
  private static final double KEPT = 0.01;

  private final SearchSpace space;
  private final Limits limits;
  private final PaceSearch choices;
  private final Forms forms;
  private final Target target;

  /**
   * A search.
   *
   * @param limits of the whole design
   */
  DesignSearch(SearchSpace space, Limits limits, Sharing sharing, Forms forms) {
    this.space = space;
    this.limits = limits;
    this.choices = new PaceSearch(limits, sharing);
    this.forms = forms;
    this.target = space.constraints().target();
  }

  /**
   * How far a search has come.
   *
   * @param best design that fits
   * @param smallest area that was built, whether it fits or not
   */
  record Progress(Estimates estimates, Optional<Draft> best, Optional<Area> smallest) {
    private Progress with(Estimates others) {
      return new Progress(others, best, smallest);
    }

    /** Whether a choice is faster than what was built, and is another one. */
    private boolean isExceededBy(Choice choice) {
      return best.stream()
          .noneMatch(
              b ->
                  choice.cycles() >= b.cyclesPerFrame() * (1 - WORTH_BUILDING)
                      || choice.mapping().equals(b.mapping()));
    }
  }

  /** The cycles a frame that estimates promise; empty if nothing fits. */
  Optional<Long> pace() {
    return choices.fastest(start().estimates()).map(Choice::cycles);
  }

  /** The fastest design that was built and fits; empty if none did. */
  Optional<Draft> run() {
    Progress progress = improved(start(), choices::fastest, true);
    return (limits.areOfArea() ? hoping(progress) : progress).best();
  }

  /** The fastest design that was built for a pace, which it may miss; empty if none fits. */
  Optional<Draft> paced(long cycles) {
    return improved(start(), e -> choices.choose(e, cycles, Aim.LEAST_SHARING), true).best();
  }

  /**
   * The cheapest design for a pace, which it may miss; empty if there is none.
   *
   * @param slack part of the cycles that everything without multipliers may take
   */
  Optional<Draft> cheapest(long cycles, double slack) {
    return scheduled(
            start().estimates().withSlack(slack), e -> choices.choose(e, cycles, Aim.CHEAPEST))
        .map(s -> new Draft(space.lower(s.choice().mapping()), s.choice().mapping()));
  }

  /** The division among arrays for a pace; empty if none keeps it. */
  Optional<ArrayDivision> division(long cycles) {
    return choices.division(start().estimates(), cycles);
  }

  /** Builds designs that fit if estimates are too high, and would be faster. */
  private Progress hoping(Progress from) {
    Progress progress = from;
    for (double hope : HOPES) {
      Estimates hoping = progress.estimates().withMargin(Area.NONE).hoping(hope);
      Optional<Scheduled> next = scheduled(hoping, choices::fastest);
      if (next.isPresent() && progress.isExceededBy(next.get().choice())) {
        Estimates learned = next.get().estimates();
        progress = build(next.get().choice(), progress.with(learned), false);
      }
    }
    return progress.with(progress.estimates().hoping(0));
  }

  /**
   * The fastest design that was built. Where nothing fits, what was left free for estimates that
   * turned out too low is given back first, as far as designs that were built since have corrected
   * them; then a design is as small as can be, whatever its pace.
   */
  Progress runToTheEnd() {
    Progress progress = hoping(improved(start(), choices::fastest, true));
    if (progress.best().isEmpty()) {
      Estimates without = progress.estimates().withMargin(Area.NONE);
      progress = improved(progress.with(without), choices::fastest, false);
    }
    Set<Map<String, Variant>> tried = new HashSet<>();
    while (progress.best().isEmpty() && tried.size() < BUILDS) {
      Choice choice = choices.least(progress.estimates());
      if (!tried.add(choice.variants())) {
        break;
      }
      progress = build(choice, progress, false);
    }
    return progress;
  }

  /** The area of a design that does not fit, but is small. */
  Area smallest(Progress progress) {
    return progress
        .smallest()
        .orElseGet(
            () -> {
              Design design = space.lower(choices.least(progress.estimates()).mapping()).design();
              return areas(design, DesignArea.of(design, target)).total();
            });
  }

  private Progress start() {
    return new Progress(Estimates.of(space, forms), Optional.empty(), Optional.empty());
  }

  /** Builds designs for as long as they promise to be faster than those before. */
  private Progress improved(
      Progress from, Function<Estimates, Optional<Choice>> choose, boolean leavesFree) {
    Progress progress = from;
    for (int build = 0; build < BUILDS; build++) {
      Optional<Scheduled> next = scheduled(progress.estimates(), choose);
      if (next.isEmpty() || !progress.isExceededBy(next.get().choice())) {
        break;
      }
      progress = build(next.get().choice(), progress.with(next.get().estimates()), leavesFree);
    }
    return progress;
  }

  /** Builds a design; plays it if it fits. */
  private Progress build(Choice choice, Progress before, boolean leavesFree) {
    LoweredModel lowered = space.lower(choice.mapping());
    DesignArea shallow = DesignArea.of(lowered.design(), target);
    BuiltAreas areas = areas(lowered.design(), shallow);
    Optional<Choice> plainer = plainer(choice, areas);
    if (plainer.isPresent()) {
      return build(plainer.get(), before, leavesFree);
    }
    Optional<Draft> fitting = Optional.empty();
    if (limits.hold(areas.total())) {
      Draft draft = new Draft(lowered, choice.mapping());
      areas = areas(draft.design(), shallow.withQueuesOf(draft.design(), target));
      fitting = limits.hold(areas.total()) ? Optional.of(draft) : Optional.empty();
    }
    boolean late =
        fitting.filter(d -> d.cyclesPerFrame() > choice.cycles() * (1 + KEPT)).isPresent();
    Estimates learned = before.estimates().built(choice, areas);
    Estimates tightened = late ? learned.tightened() : learned;
    return new Progress(
        leavesFree ? tightened.withMargin(margin(tightened.margin(), areas.total())) : tightened,
        Stream.concat(before.best().stream(), fitting.stream())
            .min(Comparator.comparingLong(Draft::cyclesPerFrame)),
        Stream.concat(before.smallest().stream(), Stream.of(areas.total()))
            .min(Comparator.comparingDouble(Area::luts)));
  }

  /**
   * The same choice without a code that turns out to take more than it saves. Cycles are the same;
   * empty if each is worth it, or is what makes the design fit.
   */
  private Optional<Choice> plainer(Choice choice, BuiltAreas areas) {
    return choice.variants().entrySet().stream()
        .filter(layer -> layer.getValue().coded())
        .map(Map.Entry::getKey)
        .filter(name -> paysWithoutCode(name, areas))
        .findFirst()
        .map(choice::withPlainWords);
  }

  private boolean paysWithoutCode(String layer, BuiltAreas areas) {
    Area coded = areas.layers().get(layer);
    Area plain = areas.recoded().get(layer);
    return LayerOptions.cost(plain) <= LayerOptions.cost(coded)
        && limits.hold(areas.total().plus(coded.times(-1)).plus(plain));
  }

  private BuiltAreas areas(Design design, DesignArea area) {
    return BuiltAreas.of(design, area, target, forms);
  }

  /**
   * What is left free from now on: more by what a design takes too much, less by what it leaves.
   */
  private Area margin(Area before, Area built) {
    return new Area(
        Math.max(0, before.luts() + built.luts() - limits.luts()),
        0,
        Math.max(0, before.multipliers() + built.multipliers() - limits.multipliers()),
        Math.max(0, before.blocks() + built.blocks() - limits.blocks()));
  }

  /** A choice whose schedules are as long as it says, and what this has corrected. */
  private record Scheduled(Choice choice, Estimates estimates) {}

  private static Optional<Scheduled> scheduled(
      Estimates from, Function<Estimates, Optional<Choice>> choose) {
    Estimates estimates = from;
    Optional<Choice> choice = choose.apply(estimates);
    for (int round = 0; round < ROUNDS && choice.isPresent(); round++) {
      Optional<Estimates> corrected = estimates.corrected(choice.get());
      if (corrected.isEmpty()) {
        break;
      }
      estimates = corrected.get();
      choice = choose.apply(estimates);
    }
    Estimates last = estimates;
    return choice.map(c -> new Scheduled(c, last));
  }
}
