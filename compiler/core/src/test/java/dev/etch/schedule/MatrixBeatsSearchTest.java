// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.Target;
import dev.etch.lower.Addressing;
import dev.etch.lower.Buffering;
import dev.etch.lower.DesignInterpreter;
import dev.etch.lower.ExactArithmetic;
import dev.etch.lower.Folding;
import dev.etch.lower.LaneLayout;
import dev.etch.lower.LoweredModel;
import dev.etch.lower.Models;
import dev.etch.lower.Plan;
import dev.etch.op.IntegerDense;
import dev.etch.schedule.LayerOptions.Option;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The search chooses how many elements a matrix takes a step. */
class MatrixBeatsSearchTest {
  private static final int INPUTS = 1024;
  private static final int OUTPUTS = 64;
  private static final double DENSITY = 0.06;

  private final Models models = new Models(1);

  private static Mapping mapping(int multipliers, int blocks) {
    Budget budget =
        new Budget.Resources(
            OptionalInt.of(multipliers), OptionalInt.empty(), OptionalInt.of(blocks));
    return Mapping.of(Target.XC7, Optional.of(budget));
  }

  private ScheduledDesign schedule(Value input, PartitionedModel model, Mapping mapping) {
    ScheduledDesign design = Scheduler.schedule(model, mapping, new DiagnosticCollector());
    LoweredModel lowered = design.lowered();
    IntegerTensor frame = models.frame(input);
    assertArrayEquals(
        Models.evaluate(lowered.model().accelerator(), frame).data(),
        lowered
            .outputs()
            .get(0)
            .order()
            .toTensor(
                DesignInterpreter.run(
                    lowered.design(), lowered.input().order().toStream(frame.data()))));
    return design;
  }

  private Value dense(String name, Value x, int inputs, int outputs, double density) {
    Value w = models.skewed(name + "_w", density, outputs, inputs);
    Value sums = models.add(name, new IntegerDense(0), x, w, models.biases(name + "_b", outputs));
    return models.requantize(name + "_q", sums, 1);
  }

  private static MatrixUnit matrix(ScheduledDesign design) {
    return design.lowered().design().units().stream()
        .filter(MatrixUnit.class::isInstance)
        .map(MatrixUnit.class::cast)
        .findFirst()
        .orElseThrow();
  }

  /** One a step is enough for two lanes, and not for many. */
  @Test
  void asManyAsLanesNeed() {
    Value x = models.input(IntegerType.INT8, 1, INPUTS);
    PartitionedModel model = models.model(dense("fc", x, INPUTS, OUTPUTS, DENSITY));
    assertEquals(1, matrix(schedule(x, model, mapping(2, 4))).beatElements());
    ScheduledDesign fast = schedule(x, model, mapping(16, 4));
    MatrixUnit unit = matrix(fast);
    assertTrue(unit.beatElements() > 1, unit.name());
    assertTrue(fast.prediction().cyclesPerFrame() < INPUTS, "faster than an element a cycle");
  }

  /** Three elements a beat become two in two steps, and there is one a cycle between these. */
  @Test
  void noMoreThanAConversionGives() {
    Value x = models.input(IntegerType.INT8, 1, 8);
    Value y = dense("first", x, 8, 12, 1);
    PartitionedModel model = models.model(dense("fc", y, 12, 4, 1));
    Plan plan = Scheduler.plan(model, ExactArithmetic::analyze, new DiagnosticCollector());
    Option four =
        new Option(
            new LaneLayout(1, 1, 1, 4, 1, Addressing.BROADCAST),
            new Buffering(4, true, false),
            4,
            4,
            1,
            1);
    assertEquals(1, elements(plan, 3, four));
    assertEquals(2, elements(plan, 6, four));
    assertEquals(4, elements(plan, 12, four));
    assertEquals(4, elements(plan, 1, four));
  }

  /** Elements of a beat of the second layer, behind a first of so many clusters. */
  private static int elements(Plan plan, int clusters, Option option) {
    LaneLayout layout = new LaneLayout(1, 1, clusters, 1, 1, Addressing.OWN);
    Map<String, Folding> fixed = Map.of("first", Folding.plain(layout, Buffering.LEAST));
    return new InputWidths(plan, fixed, 1, 1)
        .complete(Map.of("fc", Variant.plain(option)))
        .get("fc")
        .buffering()
        .inputElements();
  }
}
