// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import dev.etch.optimize.StandardPasses;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.IntegerTensor;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomNetworkTest {
  private static final int NETWORKS = 120;

  private static final int WIDE_NETWORKS = 4;

  /**
   * What {@link RandomLayerTest} compares with Verilog covers every operator that becomes hardware,
   * every kind of unit, every requantization and form of it, every folding option and every kind of
   * budget.
   */
  @Test
  void everythingIsDrawn() {
    Drawn drawn = new Drawn();
    for (long seed = 1; seed <= NETWORKS; seed++) {
      add(RandomNetwork.of(seed), seed, drawn);
    }
    for (long seed = 1; seed <= WIDE_NETWORKS; seed++) {
      add(WideNetwork.of(seed), seed, drawn);
    }
    System.out.println(drawn);
    assertEquals(Set.of(), drawn.missing());
  }

  /** What the lowering gets instead of a network computes the same. */
  @Test
  void whatMattersIsAllThatMatters() {
    int smaller = 0;
    for (long seed = 1; seed <= NETWORKS; seed++) {
      PartitionedModel model = RandomNetwork.of(seed);
      Graph whole = model.accelerator();
      Graph kept = StandardPasses.keepWhatMatters(whole, new DiagnosticCollector());
      smaller += kept.nodes().size() < whole.nodes().size() ? 1 : 0;
      Interpreter reference = new Interpreter(whole);
      Interpreter interpreter = new Interpreter(kept);
      for (IntegerTensor frame : RandomNetwork.frames(model, 20, seed)) {
        assertEquals(
            reference.run(List.of(frame)), interpreter.run(List.of(frame)), "seed " + seed);
      }
    }
    assertTrue(smaller > 0);
  }

  private static void add(PartitionedModel model, long seed, Drawn drawn) {
    drawn.add(model, RandomDesigns.of(model, seed));
  }
}
