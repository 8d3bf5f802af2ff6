// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.hardware.Target;
import dev.etch.lower.Models;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.Layout;
import dev.etch.op.Window;
import dev.etch.tensor.IntegerType;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks of many more layers than frames are played before the rate is counted. */
class DeepNetworkTest {
  private static final int FRAMES = 200;

  private static PartitionedModel chain(int layers) {
    Models models = new Models(layers);
    Value value = models.input(IntegerType.UINT8, 1, 4, 4, 4);
    Window same = new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
    for (int i = 0; i < layers; i++) {
      Value weights = models.weights("w" + i, 1, 4, 4, 3, 3);
      IntegerConv2d conv = new IntegerConv2d(same, Layout.NCHW, 1, 7);
      Value sum = models.add("conv" + i, conv, value, weights, models.biases("b" + i, 4));
      value = models.requantize("r" + i, sum, Layout.NCHW.channelAxis());
    }
    return models.model(value);
  }

  @ParameterizedTest(name = "{0} layers, {1} multipliers")
  @CsvSource({"40, 64", "70, 70", "150, 16", "150, 160"})
  void noUnitIsBusierThanAllTheTime(int layers, int multipliers) {
    ScheduledDesign design =
        Scheduler.schedule(
            chain(layers),
            Mapping.of(Target.GENERIC, Optional.of(new Budget.Multipliers(multipliers))),
            new DiagnosticCollector());
    CycleResult prediction = design.prediction();
    assertTrue(prediction.cyclesPerFrame() >= Occupation.most(design.lowered().design()));
    assertEquals(CycleModel.playAll(design.lowered().design()), prediction);
    long longRun = CycleModel.run(design.lowered().design(), FRAMES).frameEnds().get(FRAMES - 30);
    double rate = (double) (longRun - prediction.latencyCycles()) / (FRAMES - 30);
    assertEquals(rate, prediction.cyclesPerFrame(), 0.05 * rate);
    for (UnitStatistics unit : design.statistics()) {
      assertTrue(unit.utilization() <= 1, unit.name() + " " + unit.utilization());
    }
  }
}
