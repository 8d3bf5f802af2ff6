// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.Design;
import dev.etch.hardware.MatrixRoom;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.hardware.WordSource;
import dev.etch.lower.CodedRoom;
import dev.etch.lower.Folding;
import dev.etch.lower.Plan;
import dev.etch.lower.ScheduleRoom;
import dev.etch.lower.Stage;
import dev.etch.lower.WindowLayer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides whose schedules the host loads along with the weights: those of the layers that the
 * mapping names, and of sparse ones that it leaves open. They skip zeros, but take more memory than
 * weights alone. Coded words are loaded for the layers of which the mapping says so.
 */
final class LoadedSchedules {
  /** Part of the terms of all weights that those of a sparse layer may be, with its headroom. */
  private static final double WORTHWHILE = 0.75;

  private final Mapping mapping;
  private final Reload reload;

  /** Of layers whose coded words are loaded, if a design was compiled before. */
  private final Map<String, MatrixRoom> rooms;

  private LoadedSchedules(Mapping mapping, Reload reload, Map<String, MatrixRoom> rooms) {
    this.mapping = mapping;
    this.reload = reload;
    this.rooms = rooms;
  }

  /** The plan with these layers; the same if nothing is loaded. */
  static Plan choose(Plan plan, Mapping mapping) {
    return choose(plan, mapping, Map.of());
  }

  /** The plan of other weights for a design. */
  static Plan choose(Plan plan, Mapping mapping, Design compiled) {
    Map<String, MatrixRoom> rooms = new HashMap<>();
    for (Unit unit : compiled.units()) {
      if (unit instanceof MatrixUnit matrix) {
        matrix.program().room().ifPresent(room -> rooms.put(matrix.layer(), room));
      }
    }
    return choose(plan, mapping, rooms);
  }

  private static Plan choose(Plan plan, Mapping mapping, Map<String, MatrixRoom> rooms) {
    return mapping
        .reload()
        .map(reload -> new LoadedSchedules(mapping, reload, rooms).choose(plan))
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
    Optional<WordSource> streamed = folding.map(Folding::words).filter(WordSource::isStreamed);
    if (streamed.isPresent() && canLoad(layer)) {
      return stage.withWindow(layer.withLoadedCode(room(stage.layer(), streamed.get())));
    }
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

  private CodedRoom room(String layer, WordSource words) {
    return new CodedRoom(
        reload.headroom(),
        reload.ofSteps(),
        Optional.ofNullable(rooms.get(layer)),
        words == WordSource.EXTERNAL ? Optional.of(mapping.memory()) : Optional.empty());
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
