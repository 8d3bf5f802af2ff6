// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.area.DesignArea;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.Target;
import dev.etch.lower.ExactArithmetic;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Mapping;
import dev.etch.schedule.Reload;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.schedule.Scheduler;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A design of a network for a target and a budget made from a seed. Every second one gets random
 * foldings and random arrays instead of the best ones. The host loads the weights of some of those
 * whose layers allow it.
 */
final class RandomDesigns {
  /** What no small network takes. */
  private static final Map<String, Integer> PLENTY = Map.of("dsp", 200, "lut", 500_000);

  private static final int MOST_MULTIPLIERS = 40;
  private static final double MOST_HEADROOM = 0.5;

  private RandomDesigns() {}

  static ScheduledDesign of(PartitionedModel model, long seed) {
    Random random = new Random(seed);
    Target[] targets = Target.values();
    Target target = targets[(int) Math.floorMod(seed / 2, targets.length)];
    Budget multipliers = new Budget.Multipliers(1 + random.nextInt(most(model, random)));
    ScheduledDesign first = first(model, Mapping.of(target, Optional.of(multipliers)), seed);
    ScheduledDesign best =
        switch (random.nextInt(6)) {
          case 0 ->
              within(model, first, new Budget.CyclesPerFrame(first.prediction().cyclesPerFrame()));
          case 1 -> within(model, first, new Budget.FramesPerSecond(rate(first)));
          case 2 -> within(model, first, resources(first, random));
          default -> first;
        };
    return seed % 2 == 0
        ? schedule(model, RandomFoldings.of(best, circulant(model, best.mapping()), random))
        : best;
  }

  private static ScheduledDesign first(PartitionedModel model, Mapping mapping, long seed) {
    // Apart from the other random numbers: which networks allow it, these do not depend on.
    SplittableRandom random = new SplittableRandom(seed);
    if (random.nextBoolean()) {
      try {
        double headroom = MOST_HEADROOM * random.nextDouble();
        Optional<Double> ofSteps =
            random.nextBoolean() ? Optional.of(random.nextDouble()) : Optional.empty();
        Optional<Integer> buffers = random.nextBoolean() ? Optional.of(2) : Optional.empty();
        return schedule(model, mapping.withReload(new Reload(headroom, ofSteps, buffers)));
      } catch (DiagnosticException e) {
        // Its layers have other forms of rescaling.
      }
    }
    return schedule(model, mapping);
  }

  /** A design for another budget, which the first one keeps, so that there is one. */
  private static ScheduledDesign within(
      PartitionedModel model, ScheduledDesign first, Budget budget) {
    Mapping mapping = Mapping.of(first.mapping().target(), Optional.of(budget));
    return schedule(model, first.mapping().reload().map(mapping::withReload).orElse(mapping));
  }

  /** The design's own; half a cycle more, lest rounding makes it one less. */
  private static double rate(ScheduledDesign design) {
    return design.mapping().clockMegahertz() * 1e6 / (design.prediction().cyclesPerFrame() + 0.5);
  }

  /** Twice what the design takes of some resources. */
  private static Budget resources(ScheduledDesign design, Random random) {
    Map<String, Long> taken =
        Budget.Resources.taken(
            DesignArea.of(design.lowered().design(), design.mapping().target()).total(),
            design.mapping().target());
    Map<String, Integer> amounts = new TreeMap<>();
    taken.forEach(
        (resource, amount) -> {
          if (random.nextBoolean()) {
            amounts.put(resource, Math.toIntExact(2 * amount + 1));
          }
        });
    return Budget.Resources.of(amounts.isEmpty() ? PLENTY : amounts);
  }

  /** Sizes of the circulant blocks of layers that have some; weights that are loaded have none. */
  private static Map<String, Integer> circulant(PartitionedModel model, Mapping mapping) {
    Map<String, Integer> sizes = new TreeMap<>();
    if (mapping.reload().isEmpty()) {
      Scheduler.plan(model, ExactArithmetic::analyze, new DiagnosticCollector())
          .windows()
          .forEach(s -> s.window().circulant().ifPresent(size -> sizes.put(s.layer(), size)));
    }
    return sizes;
  }

  private static ScheduledDesign schedule(PartitionedModel model, Mapping mapping) {
    return Scheduler.schedule(model, mapping, new DiagnosticCollector());
  }

  /** Layers share multipliers if there are fewer. */
  private static int most(PartitionedModel model, Random random) {
    long layers =
        model.accelerator().nodes().stream()
            .filter(n -> n.op() instanceof IntegerConv2d || n.op() instanceof IntegerDense)
            .count();
    return random.nextBoolean() ? MOST_MULTIPLIERS : Math.toIntExact(Math.max(1, layers));
  }
}
