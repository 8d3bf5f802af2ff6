// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.hardware.Design;
import dev.etch.hardware.Target;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WindowUnit;
import dev.etch.lower.DesignInterpreter;
import dev.etch.lower.LoweredModel;
import dev.etch.lower.Models;
import dev.etch.op.IntegerDense;
import dev.etch.op.Pad;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.RealQuantizer;
import dev.etch.op.requantization.RealSteps;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import dev.etch.text.DesignParser;
import dev.etch.text.DesignPrinter;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Binary and ternary dense layers: words of products, without multipliers. */
class PackedDenseTest {
  @ParameterizedTest
  @CsvSource({
    "int2, 32, 12, 3, 1",
    "uint1, 48, 10, 2, 1",
    "uint2, 35, 6, 3, 1",
    "int2, 64, 64, 2, 1",
    "int2, 16, 4, 3, 5"
  })
  void computesWhatTheOperatorsDefine(String type, int inputs, int hidden, int kinds, int rows) {
    for (int seed = 0; seed < 4; seed++) {
      Models models = new Models(seed);
      Random random = new Random(seed);
      IntegerType element = IntegerType.parse(type);
      Value x = models.input(element, rows, inputs);
      Value sums =
          models.add(
              "first", new IntegerDense(0), x, weights(models, "w", hidden, inputs, kinds, random));
      RealQuantizer quantizer = new RealQuantizer.Bipolar(1, 0);
      RealSteps steps = new RealSteps(false, 0, 1, List.of(), quantizer, -1, 1);
      Value bits =
          models.add("binarize", new Requantize(List.of(steps), 0, new IntegerType(2, true)), sums);
      Value y =
          models.add(
              "second", new IntegerDense(0), bits, weights(models, "v", 8, hidden, kinds, random));
      PartitionedModel model = models.model(y);
      Design design = computes(models, x, model, schedule(model));
      assertEquals(
          DesignPrinter.print(design),
          DesignPrinter.print(DesignParser.parse("design", DesignPrinter.print(design))));
    }
  }

  private static Design computes(
      Models models, Value input, PartitionedModel model, ScheduledDesign scheduled) {
    LoweredModel lowered = scheduled.lowered();
    for (int i = 0; i < 3; i++) {
      IntegerTensor frame = models.frame(input);
      int[] result =
          DesignInterpreter.run(lowered.design(), lowered.input().order().toStream(frame.data()));
      assertArrayEquals(
          Models.evaluate(model.accelerator(), frame).data(),
          lowered.outputs().get(0).order().toTensor(result));
    }
    return lowered.design();
  }

  /** The writer of the layer's window inserts it, a word at a time. */
  @ParameterizedTest
  @CsvSource({"1, 2", "0, 0", "3, 0"})
  void paddingInFrontIsFoldedIn(int before, int after) {
    for (Budget budget :
        List.of(
            new Budget.Multipliers(3),
            new Budget.CyclesPerFrame(200),
            new Budget.FramesPerSecond(400_000))) {
      Models models = new Models(before);
      Value x = models.input(IntegerType.parse("int2"), 1, 1, 3, 32);
      Pad pad = new Pad(List.of(0, 0, before, 0), List.of(0, 0, after, 0), -1);
      Value w = weights(models, "w", 8, 32, 3, new Random(before));
      Value y = models.add("dense", new IntegerDense(0), models.add("pad", pad, x), w);
      PartitionedModel model = models.model(y);
      Mapping mapping = Mapping.of(Target.GENERIC, Optional.of(budget));
      computes(models, x, model, Scheduler.schedule(model, mapping, new DiagnosticCollector()));
    }
  }

  @Test
  void largerWeightsOrInputsTakeMultipliers() {
    assertEquals(0, multipliers("int2", 3));
    assertEquals(1, multipliers("int2", 4));
    assertEquals(1, multipliers("int3", 3));
  }

  private static int multipliers(String type, int kinds) {
    Models models = new Models(1);
    Value x = models.input(IntegerType.parse(type), 1, 16);
    Value w = weights(models, "w", 4, 16, kinds, new Random(1));
    ScheduledDesign design =
        schedule(models.model(models.add("dense", new IntegerDense(0), x, w)), 1);
    for (Unit unit : design.lowered().design().units()) {
      if (unit instanceof WindowUnit window) {
        return window.operation() == WindowUnit.Operation.DOT ? 0 : design.multipliers();
      }
    }
    throw new AssertionError("no window");
  }

  private static ScheduledDesign schedule(PartitionedModel model) {
    return schedule(model, 4);
  }

  private static ScheduledDesign schedule(PartitionedModel model, int multipliers) {
    return Scheduler.schedule(
        model,
        Mapping.of(Target.GENERIC, Optional.of(new Budget.Multipliers(multipliers))),
        new DiagnosticCollector());
  }

  /** Of two kinds: -1 and 1; of three: 0 too; of four: 2 too. */
  private static Value weights(
      Models models, String name, int outputs, int inputs, int kinds, Random random) {
    int[] all = {-1, 1, 0, 2};
    int[] data = new int[outputs * inputs];
    for (int i = 0; i < data.length; i++) {
      data[i] = all[i < kinds ? i : random.nextInt(kinds)];
    }
    TensorType type = new TensorType(new IntegerType(3, true), Shape.of(outputs, inputs));
    return models.add(
        name, new dev.etch.op.Constant(new DenseWeights(new IntegerTensor(type, data))));
  }
}
