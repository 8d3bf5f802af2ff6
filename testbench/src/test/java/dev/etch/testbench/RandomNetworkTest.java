// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.lower.Lowering;
import dev.etch.op.Op;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomNetworkTest {
  /** What {@link RandomLayerTest} compares with Verilog covers every operator with a lowering. */
  @Test
  void everyOperatorThatBecomesHardwareIsDrawn() {
    Set<Class<? extends Op>> missing = new HashSet<>(Lowering.operators());
    for (long seed = 1; seed <= 200; seed++) {
      RandomNetwork.of(seed)
          .accelerator()
          .nodes()
          .forEach(node -> missing.remove(node.op().getClass()));
    }
    assertEquals(Set.of(), missing);
  }
}
