// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.graph.PartitionedModel;
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

  private static void add(PartitionedModel model, long seed, Drawn drawn) {
    drawn.add(model, RandomDesigns.of(model, seed));
  }
}
