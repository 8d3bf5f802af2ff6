// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.hardware.LaneSharing;
import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.lower.Folding;
import dev.etch.lower.MacProblem;
import dev.etch.lower.Plan;
import dev.etch.lower.SharedLayers;
import dev.etch.lower.Stage;
import dev.etch.lower.Widths;
import dev.etch.schedule.ArraySearch.Aim;
import dev.etch.schedule.LayerOptions.Option;
import dev.etch.schedule.Partition.Group;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Chooses a folding for every window layer. All layers work at the same time on different frames,
 * so the slowest sets the pace: for a given number of cycles a frame each layer gets the fewest
 * lanes that keep up, and the cycles are found by bisection. The choice is played by the cycle
 * model, and refined where reality is slower than the bounds.
 */
final class FoldingSearch {
  /** Multipliers when the user asks for nothing in particular, and there are fewer layers. */
  private static final int DEFAULT_MULTIPLIERS = 32;

  /** Multipliers of a layer that are worth trying when only a rate is asked for. */
  private static final int MOST_MULTIPLIERS = 4096;

  /** How much faster than the pace everything without multipliers is, in turn. */
  private static final double[] SLACKS = {0.9, 0.6, 0.35};

  private static final int ATTEMPTS = 8;

  /** Choices that are made at most because schedules turned out longer than their bounds. */
  private static final int ROUNDS = 24;

  /** How much slower a design with less sharing must be to be given up for one with more. */
  private static final double WORTH_SHARING = 1.03;

  /** Cycles a frame that any choice keeps up with. */
  private static final long UNHURRIED = 1L << 50;

  private final Plan plan;
  private final Mapping constraints;
  private final DiagnosticCollector diagnostics;
  private final Map<String, LayerOptions> layers = new LinkedHashMap<>();
  private final Map<String, ArrayMember> all = new LinkedHashMap<>();
  private final MacScheduler programs = new MacScheduler();
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
    int mostMultipliers = budget() instanceof Budget.Multipliers m ? m.count() : MOST_MULTIPLIERS;
    for (Stage.OfWindow stage : plan.windows()) {
      if (!constraints.layers().containsKey(stage.layer())) {
        int most = isMac(stage) ? mostMultipliers : stage.window().outputs().size();
        layers.put(
            stage.layer(),
            new LayerOptions(
                stage, constraints.target(), most, clusters -> leaving(stage, clusters)));
      }
    }
    if (layers.isEmpty()) {
      return Scheduler.build(plan, constraints, programs);
    }
    Budget budget = budget();
    search = search();
    if (budget instanceof Budget.Multipliers multipliers) {
      return fastest(multipliers.count());
    }
    if (budget instanceof Budget.Resources resources) {
      int least =
          (int) layers.values().stream().filter(LayerOptions::multiplies).count()
              + fixedMultipliers();
      // The selection in front of shared multipliers takes the look-up tables that run out first.
      return new ResourceSearch(
              resources,
              constraints.target(),
              multipliers -> fastest(search.alone(), multipliers - fixedMultipliers()))
          .run(Math.max(1, least));
    }
    if (budget instanceof Budget.CyclesPerFrame cycles) {
      return smallest(cycles.cycles(), "--cycles");
    }
    double rate = ((Budget.FramesPerSecond) budget).rate();
    return smallest((long) (constraints.clockMegahertz() * 1e6 / rate), "--fps");
  }

  /** Layers with given foldings and no given array have their multipliers to themselves. */
  private ArraySearch search() {
    Map<String, ArrayMember> members = new LinkedHashMap<>();
    for (Stage.OfWindow stage : plan.windows()) {
      if (isMac(stage)) {
        Folding given = constraints.layers().get(stage.layer());
        members.put(
            stage.layer(),
            given == null
                ? new ArrayMember.Free(stage.layer(), layers.get(stage.layer()))
                : fixed(stage, given));
      }
    }
    all.putAll(members);
    List<ArraySearch.Pinned> pinned = new ArrayList<>();
    for (SharedLayers array : constraints.arrays()) {
      List<ArrayMember> inOrder =
          all.values().stream().filter(m -> array.layers().contains(m.layer())).toList();
      pinned.add(new ArraySearch.Pinned(inOrder, array.multipliers()));
      members.keySet().removeAll(array.layers());
    }
    members.keySet().removeAll(constraints.layers().keySet());
    return new ArraySearch(List.copyOf(members.values()), pinned);
  }

  private ArrayMember fixed(Stage.OfWindow stage, Folding folding) {
    MacProblem problem = stage.window().problem(folding);
    long cycles = (long) programs.program(problem).steps() * stage.window().walk(folding).pixels();
    long products = stage.window().taps() * stage.window().pixels();
    return new ArrayMember.Fixed(stage.layer(), products, problem.lanes(), cycles);
  }

  private Budget budget() {
    return constraints
        .budget()
        .orElseGet(() -> new Budget.Multipliers(Math.max(DEFAULT_MULTIPLIERS, macLayers())));
  }

  /**
   * Elements of a beat behind a layer: what the host takes, or a piece that fits the beats of the
   * layer and the channels of its reader.
   */
  private int leaving(Stage.OfWindow stage, int clusters) {
    if (stage.output().equals(plan.output())) {
      return Widths.ofHost(plan.output(), clusters);
    }
    int channels = stage.window().outputs().size();
    int piece = Widths.gcd(clusters, channels);
    return piece == channels ? clusters : piece;
  }

  private static boolean isMac(Stage.OfWindow stage) {
    return stage.window().operation() == Operation.MULTIPLY_ACCUMULATE;
  }

  private int macLayers() {
    return (int) plan.windows().stream().filter(FoldingSearch::isMac).count();
  }

  private ScheduledDesign fastest(int multipliers) {
    int free = multipliers - fixedMultipliers();
    if (search.best(UNHURRIED, Math.max(0, free), Aim.FEWEST_MULTIPLIERS).isEmpty()) {
      throw new DiagnosticException(
          Location.option("--multipliers"),
          multipliers
              + " multipliers are too few: the foldings and arrays of the mapping take "
              + (fixedMultipliers() + pinnedMultipliers()),
          "ask for more, or leave some of them out and let Etch choose");
    }
    long pace = pace(search, free);
    ArraySearch alone = search.alone();
    boolean mayBeAlone = alone.best(UNHURRIED, free, Aim.FEWEST_MULTIPLIERS).isPresent();
    if (mayBeAlone && pace(alone, free) <= WORTH_SHARING * pace) {
      return fastest(alone, free);
    }
    ScheduledDesign design = fastest(search, free);
    double wanted = design.prediction().cyclesPerFrame() / WORTH_SHARING;
    if (search.together().isPresent() && pace(search.together().get(), free) < wanted) {
      ScheduledDesign other = fastest(search.together().get(), free);
      design = other.prediction().cyclesPerFrame() < wanted ? other : design;
    }
    return design;
  }

  private ScheduledDesign fastest(ArraySearch arrays, int free) {
    ScheduledDesign best = null;
    for (double slack : SLACKS) {
      Choice choice = chooseFastest(arrays, slack, free);
      for (int round = 0; round < ROUNDS && correct(choice); round++) {
        choice = chooseFastest(arrays, slack, free);
      }
      ScheduledDesign design = Scheduler.build(plan, choice.mapping(), programs);
      if (best == null
          || design.prediction().cyclesPerFrame() < best.prediction().cyclesPerFrame()) {
        best = design;
      }
      if (best.prediction().cyclesPerFrame() <= choice.cycles() + choice.cycles() / 100) {
        return best;
      }
    }
    return best;
  }

  private Choice chooseFastest(ArraySearch arrays, double slack, int multipliers) {
    long pace = pace(arrays, multipliers);
    long cycles = relaxed(pace);
    // With more time other layers are tried alone first, so there may be none just there.
    Partition partition =
        arrays
            .best(cycles, multipliers, Aim.LEAST_SHARING)
            .or(() -> arrays.best(pace, multipliers, Aim.LEAST_SHARING))
            .orElseThrow(() -> new CompilerBug("no arrays keep the pace"));
    return choose(cycles, slack, partition, multipliers);
  }

  /** A little slower: the last half percent is not worth a much larger schedule. */
  private static long relaxed(long cycles) {
    return cycles + cycles / 200;
  }

  private int fixedMultipliers() {
    return plan.windows().stream()
        .filter(FoldingSearch::isMac)
        .filter(s -> constraints.layers().containsKey(s.layer()))
        .filter(s -> constraints.arrays().stream().noneMatch(a -> a.layers().contains(s.layer())))
        .mapToInt(this::fixedMultipliers)
        .sum();
  }

  private int fixedMultipliers(Stage.OfWindow stage) {
    Folding folding = constraints.layers().get(stage.layer());
    return LaneSharing.multipliers(
        programs.program(stage.window().problem(folding)),
        stage.productsPerMultiplier(folding, constraints.target()));
  }

  private int pinnedMultipliers() {
    return constraints.arrays().stream().mapToInt(a -> a.multipliers().orElse(1)).sum();
  }

  private ScheduledDesign smallest(long cycles, String option) {
    long aim = cycles;
    ScheduledDesign fastest = null;
    for (int attempt = 0; attempt < ATTEMPTS && aim >= leastCycles(); attempt++) {
      if (!keepsUp(search, aim, MOST_MULTIPLIERS)) {
        break;
      }
      double slack = SLACKS[Math.min(attempt, SLACKS.length - 1)];
      Choice choice = chooseSmallest(aim, slack);
      for (int round = 0; round < ROUNDS && correct(choice); round++) {
        choice = chooseSmallest(aim, slack);
      }
      ScheduledDesign design = Scheduler.build(plan, choice.mapping(), programs);
      long measured = design.prediction().cyclesPerFrame();
      if (measured <= cycles) {
        return design;
      }
      if (fastest == null || measured < fastest.prediction().cyclesPerFrame()) {
        fastest = design;
      }
      aim = Math.min(aim - 1, aim * cycles / measured);
    }
    long reached = fastest == null ? leastCycles() : fastest.prediction().cyclesPerFrame();
    throw new DiagnosticException(
        Location.option(option),
        cycles + " cycles a frame cannot be reached; this model takes at least about " + reached,
        "ask for a lower rate, or raise the clock");
  }

  private Choice chooseSmallest(long cycles, double slack) {
    Partition partition =
        search
            .best(cycles, MOST_MULTIPLIERS, Aim.CHEAPEST)
            .orElseThrow(() -> new CompilerBug("no arrays keep the pace"));
    return choose(cycles, slack, partition, MOST_MULTIPLIERS);
  }

  /** The frame itself has to come in: no unit writes more than one beat a cycle. */
  private long leastCycles() {
    return plan.windows().stream().mapToLong(s -> s.window().paddedPixels()).max().orElse(1);
  }

  /** Without multipliers to share out, lanes of logic need not be faster than the host's beats. */
  private long hostCycles() {
    boolean logicOnly =
        plan.windows().stream().allMatch(s -> s.window().operation() == Operation.DOT);
    int elements = plan.input().order().size();
    return logicOnly ? elements / Widths.ofHost(plan.input(), elements) : 1;
  }

  /** The fewest cycles that {@code multipliers} in all can keep up with. */
  private long pace(ArraySearch arrays, int multipliers) {
    long low = Math.max(leastCycles(), hostCycles());
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
  private boolean keepsUp(ArraySearch arrays, long cycles, int multipliers) {
    for (LayerOptions layer : layers.values()) {
      if (!layer.multiplies() && layer.fewestMultipliers(cycles).isEmpty()) {
        return false;
      }
    }
    return arrays.best(cycles, multipliers, Aim.FEWEST_MULTIPLIERS).isPresent();
  }

  /** What is built for a pace. */
  private record Choice(
      long cycles, Partition partition, Map<String, Option> options, Mapping mapping) {}

  /**
   * Schedules the layers with multipliers; where one is slower than its bound and makes its array
   * slower than the pace, because its drains do not fit, this is noted for the next choice. Returns
   * whether any was.
   */
  private boolean correct(Choice choice) {
    Map<String, Integer> steps = new HashMap<>();
    Map<String, Long> busy = new HashMap<>();
    for (Stage.OfWindow stage : plan.windows()) {
      if (stage.window().hasWeights()) {
        Folding folding = choice.mapping().layers().get(stage.layer());
        int taken = programs.program(stage.window().problem(folding)).steps();
        steps.put(stage.layer(), taken);
        busy.put(stage.layer(), (long) taken * stage.window().walk(folding).pixels());
      }
    }
    boolean slower = correctLogic(choice, steps, busy);
    for (Group group : choice.partition().groups()) {
      long sum = group.members().stream().mapToLong(m -> busy.get(m.layer())).sum();
      for (ArrayMember member : group.members()) {
        Option option = choice.options().get(member.layer());
        if (sum > choice.cycles()
            && member instanceof ArrayMember.Free free
            && busy.get(member.layer()) > option.busy()) {
          free.options().correct(option, steps.get(member.layer()));
          free.update();
          slower = true;
        }
      }
    }
    return slower;
  }

  /** The same for layers with weights but without multipliers, which share nothing. */
  private boolean correctLogic(Choice choice, Map<String, Integer> steps, Map<String, Long> busy) {
    boolean slower = false;
    for (Map.Entry<String, LayerOptions> layer : layers.entrySet()) {
      boolean logic = !layer.getValue().multiplies() && layer.getValue().layer().hasWeights();
      if (logic && busy.get(layer.getKey()) > choice.cycles()) {
        layer.getValue().correct(choice.options().get(layer.getKey()), steps.get(layer.getKey()));
        slower = true;
      }
    }
    return slower;
  }

  private Choice choose(long cycles, double slack, Partition partition, int multipliers) {
    Map<String, Option> chosen = new LinkedHashMap<>();
    layers.forEach(
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
        LayerOptions layer = layers.get(group.members().get(0).layer());
        int most = (int) (group.multipliers() + spare);
        Option cheap = layer.cheapest(cycles, most).orElseThrow();
        chosen.put(group.members().get(0).layer(), cheap);
        spare -= cheap.multipliers() - group.multipliers();
      }
    }
    Map<String, Folding> foldings =
        new InputWidths(plan, constraints.layers(), cycles, slack).complete(chosen);
    Mapping mapping = constraints.withLayers(foldings).withArrays(shared(partition));
    return new Choice(cycles, partition, chosen, mapping);
  }

  /** The arrays that layers share, in the order of their first layers. */
  private List<SharedLayers> shared(Partition partition) {
    List<String> order = List.copyOf(all.keySet());
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
        .fewestMultipliers((long) (cycles * slack))
        .or(() -> layer.fewestMultipliers(cycles))
        .orElseThrow(() -> new CompilerBug("no layout keeps the pace"));
  }
}
