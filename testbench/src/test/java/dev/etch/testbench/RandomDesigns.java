// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.Target;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Mapping;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.schedule.Scheduler;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A design of a network for a target and a budget made from a seed. Every second one gets random
 * foldings and random arrays instead of the best ones.
 */
final class RandomDesigns {
  /** What no small network takes. */
  private static final Map<String, Integer> PLENTY = Map.of("dsp", 200, "lut", 500_000);

  private static final int MOST_MULTIPLIERS = 40;

  private RandomDesigns() {}

  static ScheduledDesign of(PartitionedModel model, long seed) {
    Random random = new Random(seed);
    Target[] targets = Target.values();
    Target target = targets[(int) Math.floorMod(seed / 2, targets.length)];
    Budget budget =
        random.nextInt(4) == 0
            ? Budget.Resources.of(PLENTY)
            : new Budget.Multipliers(1 + random.nextInt(most(model, random)));
    ScheduledDesign best = schedule(model, Mapping.of(target, Optional.of(budget)));
    return seed % 2 == 0 ? schedule(model, RandomFoldings.of(best, random)) : best;
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
