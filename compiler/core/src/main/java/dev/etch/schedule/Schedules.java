// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.LaneSharing;
import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.Packing;
import dev.etch.hardware.Program;
import dev.etch.hardware.Target;
import dev.etch.hardware.WindowBuffer.Banks;
import dev.etch.lower.Folding;
import dev.etch.lower.LaneLayout;
import dev.etch.lower.Stage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The schedules that a search has made; none is made twice. For several threads. */
final class Schedules {
  private final MacScheduler scheduler = new MacScheduler();
  private final Map<Key, Program> windows = new ConcurrentHashMap<>();
  private final Map<Key, MatrixProgram> matrices = new ConcurrentHashMap<>();

  /** What a schedule depends on. */
  private record Key(String layer, LaneLayout layout, int elements) {
    static Key of(Stage.OfWindow stage, Folding folding) {
      return new Key(stage.layer(), folding.layout(), folding.buffering().inputElements());
    }
  }

  /** Where the lowering gets its schedules from. */
  MacScheduler scheduler() {
    return scheduler;
  }

  private Program window(Stage.OfWindow stage, Folding folding) {
    Key key = Key.of(stage, folding);
    return windows.computeIfAbsent(
        key, unused -> scheduler.program(stage.window().problem(key.layout(), key.elements())));
  }

  private MatrixProgram matrix(Stage.OfWindow stage, Folding folding) {
    Key key = Key.of(stage, folding);
    return matrices.computeIfAbsent(
        key,
        unused ->
            scheduler.matrix(stage.window().problem(key.layout(), 1), stage.beats(key.elements())));
  }

  /** Cycles for which a run of a layer's schedule occupies its lanes. */
  int cycles(Stage.OfWindow stage, Folding folding) {
    if (!folding.layout().isBroadcast()) {
      return window(stage, folding).steps();
    }
    MatrixProgram program = matrix(stage, folding);
    return MatrixUnit.cyclesPerFrame(
        program.steps(), program.outputsPerCluster(), folding.buffering().ahead());
  }

  /** Multipliers of a layer's lanes. */
  int multipliers(Stage.OfWindow stage, Folding folding, Target target) {
    return folding.layout().isBroadcast()
        ? matrix(stage, folding).lanes().size()
        : multipliersOfWindow(stage, folding, target);
  }

  private int multipliersOfWindow(Stage.OfWindow stage, Folding folding, Target target) {
    Program program = window(stage, folding);
    Banks banks = stage.window().buffer(folding.layout(), folding.buffering()).banks();
    List<Packing> packings = stage.packings(folding.products(), target);
    return LaneSharing.multipliers(program, banks, LaneSharing.best(program, banks, packings));
  }
}
