// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.hardware.LaneSharing;
import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.lower.Folding;
import dev.etch.lower.Plan;
import dev.etch.lower.Stage;
import dev.etch.lower.Widths;
import dev.etch.schedule.LayerOptions.Option;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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

  private final Plan plan;
  private final Mapping constraints;
  private final DiagnosticCollector diagnostics;
  private final Map<String, LayerOptions> layers = new LinkedHashMap<>();
  private final Map<String, Option> chosen = new LinkedHashMap<>();
  private final MacScheduler programs = new MacScheduler();

  FoldingSearch(Plan plan, Mapping constraints, DiagnosticCollector diagnostics) {
    this.plan = plan;
    this.constraints = constraints;
    this.diagnostics = diagnostics;
  }

  ScheduledDesign run() {
    FixedFoldings.check(plan, constraints, diagnostics);
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
      return Scheduler.build(plan, constraints, constraints.layers(), programs);
    }
    Budget budget = budget();
    if (budget instanceof Budget.Multipliers multipliers) {
      return fastest(multipliers.count());
    }
    if (budget instanceof Budget.Resources resources) {
      int least =
          (int) layers.values().stream().filter(LayerOptions::multiplies).count()
              + fixedMultipliers();
      return new ResourceSearch(resources, constraints.target(), this::fastest)
          .run(Math.max(1, least));
    }
    if (budget instanceof Budget.CyclesPerFrame cycles) {
      return smallest(cycles.cycles(), "--cycles");
    }
    double rate = ((Budget.FramesPerSecond) budget).rate();
    return smallest((long) (constraints.clockMegahertz() * 1e6 / rate), "--fps");
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
    int needed = (int) layers.values().stream().filter(LayerOptions::multiplies).count();
    if (free < needed) {
      throw new DiagnosticException(
          Location.option("--multipliers"),
          multipliers + " multipliers do not give every layer one",
          "ask for at least " + (needed + fixedMultipliers()));
    }
    ScheduledDesign best = null;
    for (double slack : SLACKS) {
      long cycles = relaxed(pace(free));
      Map<String, Folding> foldings = choose(cycles, slack, free);
      for (int round = 0; round < ROUNDS && correct(foldings, cycles); round++) {
        cycles = relaxed(pace(free));
        foldings = choose(cycles, slack, free);
      }
      ScheduledDesign design = Scheduler.build(plan, constraints, foldings, programs);
      if (best == null
          || design.prediction().cyclesPerFrame() < best.prediction().cyclesPerFrame()) {
        best = design;
      }
      if (best.prediction().cyclesPerFrame() <= cycles + cycles / 100) {
        return best;
      }
    }
    return best;
  }

  /** A little slower: the last half percent is not worth a much larger schedule. */
  private static long relaxed(long cycles) {
    return cycles + cycles / 200;
  }

  private int fixedMultipliers() {
    return plan.windows().stream()
        .filter(FoldingSearch::isMac)
        .filter(s -> constraints.layers().containsKey(s.layer()))
        .mapToInt(this::fixedMultipliers)
        .sum();
  }

  private int fixedMultipliers(Stage.OfWindow stage) {
    Folding folding = constraints.layers().get(stage.layer());
    return LaneSharing.multipliers(
        programs.program(stage.window().problem(folding)),
        stage.productsPerMultiplier(folding, constraints.target()));
  }

  private ScheduledDesign smallest(long cycles, String option) {
    long aim = cycles;
    ScheduledDesign fastest = null;
    for (int attempt = 0; attempt < ATTEMPTS && aim >= leastCycles(); attempt++) {
      if (multipliers(aim).isEmpty()) {
        break;
      }
      double slack = SLACKS[Math.min(attempt, SLACKS.length - 1)];
      Map<String, Folding> foldings = choose(aim, slack, Integer.MAX_VALUE);
      for (int round = 0; round < ROUNDS && correct(foldings, aim); round++) {
        foldings = choose(aim, slack, Integer.MAX_VALUE);
      }
      ScheduledDesign design = Scheduler.build(plan, constraints, foldings, programs);
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
  private long pace(int multipliers) {
    long low = Math.max(leastCycles(), hostCycles());
    long high = low;
    while (multipliers(high).filter(n -> n <= multipliers).isEmpty()) {
      low = high;
      high *= 2;
    }
    while (low < high) {
      long middle = (low + high) / 2;
      if (multipliers(middle).filter(n -> n <= multipliers).isPresent()) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return high;
  }

  /** Fewest multipliers that keep up with {@code cycles} a frame; empty if none do. */
  private Optional<Long> multipliers(long cycles) {
    long multipliers = 0;
    for (LayerOptions layer : layers.values()) {
      Optional<Option> option = layer.fewestMultipliers(cycles);
      if (option.isEmpty()) {
        return Optional.empty();
      }
      multipliers += layer.multiplies() ? option.get().multipliers() : 0;
    }
    return Optional.of(multipliers);
  }

  /**
   * Schedules the layers with multipliers; where one is slower than the pace, because its drains do
   * not fit, this is noted for the next choice. Returns whether any was.
   */
  private boolean correct(Map<String, Folding> foldings, long cycles) {
    boolean slower = false;
    for (Stage.OfWindow stage : plan.windows()) {
      LayerOptions layer = layers.get(stage.layer());
      if (layer != null && layer.layer().hasWeights()) {
        Folding folding = foldings.get(stage.layer());
        int steps = programs.program(stage.window().problem(folding)).steps();
        long taken = (long) steps * stage.window().walk(folding).pixels();
        if (taken > cycles) {
          layer.correct(chosen.get(stage.layer()), steps);
          slower = true;
        }
      }
    }
    return slower;
  }

  private Map<String, Folding> choose(long cycles, double slack, int multipliers) {
    chosen.clear();
    long used = 0;
    for (Map.Entry<String, LayerOptions> layer : layers.entrySet()) {
      chosen.put(layer.getKey(), fewest(layer.getValue(), cycles, slack));
      used += layer.getValue().multiplies() ? chosen.get(layer.getKey()).multipliers() : 0;
    }
    for (Map.Entry<String, LayerOptions> layer : layers.entrySet()) {
      if (layer.getValue().multiplies()) {
        int own = chosen.get(layer.getKey()).multipliers();
        int most = (int) Math.min(Integer.MAX_VALUE, multipliers - used + own);
        Option cheap = layer.getValue().cheapest(cycles, most).orElseThrow();
        chosen.put(layer.getKey(), cheap);
        used += cheap.multipliers() - own;
      }
    }
    return new InputWidths(plan, constraints.layers(), cycles, slack).complete(chosen);
  }

  private static Option fewest(LayerOptions layer, long cycles, double slack) {
    if (!layer.multiplies()) {
      Optional<Option> relaxed = layer.fewestMultipliers((long) (cycles * slack));
      if (relaxed.isPresent()) {
        return relaxed.get();
      }
    }
    return layer
        .fewestMultipliers(cycles)
        .orElseThrow(() -> new CompilerBug("no layout keeps the pace"));
  }
}
