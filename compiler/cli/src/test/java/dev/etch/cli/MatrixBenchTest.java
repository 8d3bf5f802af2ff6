// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.hardware.ExternalMemory;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MatrixBenchTest {
  @Test
  void aLayerIsScheduledAndCoded() throws IOException {
    MatrixBench.Row row =
        MatrixBench.measure(new MatrixBench.Layer("small", 300, 2048, 0.1, 0.9), 2);
    assertEquals(Optional.of(row.cycles()), row.measured());
    assertEquals(0.1 * 300 * 2048, row.products(), 1000);
    assertTrue(row.busy() > 0.9 && row.busy() <= 1, row.toString());
    assertEquals(row.products(), Math.round(row.busy() * row.steps() * 64));
    assertTrue(row.busyOfCycles() < row.busy(), row.toString());
    // Of 16 values and one place in ten, no form can take fewer.
    double entropy = 4 + (0.1 * 3.32 + 0.9 * 0.152) / 0.1;
    assertTrue(row.codedBits() > entropy - 0.3, row.toString());
    assertTrue(row.codedBits() < row.romBits(), row.toString());
    assertTrue(row.eieBits() > 8, row.toString());
  }

  @Test
  void elementsComeAsFastAsLanesNeedThem() throws IOException {
    MatrixBench.Row row =
        MatrixBench.measure(new MatrixBench.Layer("wide", 2048, 256, 0.1, 0.9), 2);
    assertEquals(Optional.of(row.cycles()), row.measured());
    assertEquals(4, row.beatElements());
    assertTrue(row.steps() < 2048 / 2, row.toString());
  }

  @Test
  void aBusSetsThePaceOfALayerFromOutside() throws IOException {
    MatrixBench.Layer layer = new MatrixBench.Layer("small", 300, 512, 0.1, 0.9);
    MemoryBench.Row row =
        MemoryBench.measure(ExternalMemory.STANDARD, layer, "", PrunedWeights.of(layer), 2);
    assertEquals(Optional.of(row.cycles()), row.measured());
    assertEquals(0.1 * 300 * 512, row.products(), 500);
    assertEquals((row.codedBits() + 63) / 64, row.leastCycles());
    assertTrue(row.overLeast() > 0.02 && row.overLeast() < 0.15, row.toString());
  }
}
