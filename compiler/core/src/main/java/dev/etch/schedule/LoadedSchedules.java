// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.hardware.WordSource;
import dev.etch.lower.Folding;
import dev.etch.lower.Plan;
import dev.etch.lower.ScheduleRoom;
import dev.etch.lower.Stage;
import dev.etch.lower.WindowLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides whose schedules the host loads along with the weights: those of the layers that the
 * mapping names, and of sparse ones that it leaves open. They skip zeros, but take more memory than
 * weights alone.
 */
final class LoadedSchedules {
  /** Part of the terms of all weights that those of a sparse layer may be, with its headroom. */
  private static final double WORTHWHILE = 0.75;

  private final Mapping mapping;
  private final Reload reload;

  private LoadedSchedules(Mapping mapping, Reload reload) {
    this.mapping = mapping;
    this.reload = reload;
  }

  /** The plan with these layers; the same if nothing is loaded. */
  static Plan choose(Plan plan, Mapping mapping) {
    return mapping
        .reload()
        .map(reload -> new LoadedSchedules(mapping, reload).choose(plan))
        .orElse(plan);
  }

  private Plan choose(Plan plan) {
    List<Stage> stages = new ArrayList<>();
    for (Stage stage : plan.stages()) {
      stages.add(stage instanceof Stage.OfWindow window ? choose(window) : stage);
    }
    return plan.withStages(stages);
  }

  private Stage choose(Stage.OfWindow stage) {
    WindowLayer layer = stage.window();
    Optional<Folding> folding = Optional.ofNullable(mapping.layers().get(stage.layer()));
    boolean loads =
        folding
            .map(given -> given.words() == WordSource.LOADED)
            .orElseGet(() -> isWorthwhile(layer));
    if (!loads || !canLoad(layer)) {
      return stage;
    }
    ScheduleRoom room = new ScheduleRoom(reload.ofSteps(), folding.flatMap(Folding::steps));
    return stage.withWindow(layer.withLoadedSchedule(room));
  }

  /** Whether a layer has weights that the host loads. */
  static boolean canLoad(WindowLayer layer) {
    return layer.loaded().isPresent() && layer.operation() == Operation.MULTIPLY_ACCUMULATE;
  }

  private boolean isWorthwhile(WindowLayer layer) {
    long nonzero =
        layer.outputs().stream().flatMap(List::stream).filter(tap -> tap.weight() != 0).count();
    return nonzero * (1 + reload.ofSteps()) <= WORTHWHILE * layer.taps();
  }
}
