// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.area.Area;
import dev.etch.area.DesignArea;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.hardware.Design;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.Netlist;
import dev.etch.hardware.OutputPort;
import dev.etch.hardware.Target;
import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.WordSource;
import dev.etch.hardware.memory.MemoryBits;
import dev.etch.lower.Addressing;
import dev.etch.lower.Buffering;
import dev.etch.lower.DesignInterpreter;
import dev.etch.lower.Folding;
import dev.etch.lower.LaneLayout;
import dev.etch.lower.LoweredModel;
import dev.etch.lower.Models;
import dev.etch.lower.ProductForm;
import dev.etch.lower.RescalingForm;
import dev.etch.lower.SharedLayers;
import dev.etch.lower.ThresholdArithmetic;
import dev.etch.op.ArgMax;
import dev.etch.op.Concat;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Layout;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Op;
import dev.etch.op.Pad;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Reshape;
import dev.etch.op.Transpose;
import dev.etch.op.Window;
import dev.etch.op.requantization.FloatSum;
import dev.etch.op.requantization.SumRequantization;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import dev.etch.text.DesignParser;
import dev.etch.text.DesignPrinter;
import dev.etch.text.MappingParser;
import dev.etch.text.MappingPrinter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchedulerTest {
  private static final List<WordSource> MATRIX_WORDS =
      List.of(WordSource.ROM, WordSource.CODED, WordSource.PACKED, WordSource.EXTERNAL);

  private static ScheduledDesign schedule(PartitionedModel model, int multipliers) {
    return Scheduler.schedule(
        model,
        ThresholdArithmetic::analyze,
        Mapping.of(Target.GENERIC, Optional.of(new Budget.Multipliers(multipliers))),
        new DiagnosticCollector());
  }

  private static ScheduledDesign check(Models models, Value input, Value output, int multipliers) {
    PartitionedModel model = models.model(output);
    Mapping mapping = Mapping.of(Target.GENERIC, Optional.of(new Budget.Multipliers(multipliers)));
    computes(models, input, model, schedule(model, multipliers), multipliers);
    return computes(
        models,
        input,
        model,
        Scheduler.schedule(model, mapping, new DiagnosticCollector()),
        multipliers);
  }

  private static ScheduledDesign computes(
      Models models,
      Value input,
      PartitionedModel model,
      ScheduledDesign scheduled,
      int multipliers) {
    LoweredModel lowered = scheduled.lowered();
    for (int i = 0; i < 3; i++) {
      IntegerTensor frame = models.frame(input);
      int[] result =
          DesignInterpreter.run(lowered.design(), lowered.input().order().toStream(frame.data()));
      assertArrayEquals(
          Models.evaluate(model.accelerator(), frame).data(),
          lowered.outputs().get(0).order().toTensor(result));
    }
    assertTrue(scheduled.multipliers() <= multipliers);
    return scheduled;
  }

  /** A feature map leaves and is read on, in another order too; so does what is made of it. */
  @Test
  void severalOutputsLeave() {
    for (int multipliers : new int[] {1, 4, 16}) {
      Models models = new Models(multipliers);
      Value x = models.input(IntegerType.UINT8, 1, 2, 8, 6);
      IntegerConv2d op = new IntegerConv2d(Window.of(3, 3), Layout.NCHW, 1, 0);
      Value sum = models.add("sum", op, x, models.weights("w", 0.5, 4, 2, 3, 3));
      Value map = models.requantize("map", sum, 1);
      Value flat = models.add("flat", new Reshape(List.of(1, 96)), map);
      Value weights = models.weights("v", 0.3, 5, 96);
      Value product = models.add("dense", new IntegerDense(0), flat, weights);
      Value scores = models.requantize("scores", product, 1);
      PartitionedModel model = models.model(scores, map, flat);
      ScheduledDesign scheduled = schedule(model, multipliers);
      LoweredModel lowered = scheduled.lowered();
      assertEquals(
          List.of("m_axis_" + id(scores), "m_axis_" + id(map), "m_axis_" + id(flat)),
          lowered.design().outputs().stream().map(OutputPort::name).toList());
      IntegerTensor frame = models.frame(x);
      List<int[]> results =
          DesignInterpreter.runAll(
              lowered.design(), lowered.input().order().toStream(frame.data()));
      List<Tensor> expected = new Interpreter(model.accelerator()).run(List.of(frame));
      for (int output = 0; output < 3; output++) {
        assertArrayEquals(
            ((IntegerTensor) expected.get(output)).data(),
            lowered.outputs().get(output).order().toTensor(results.get(output)));
      }
      assertEquals(CycleModel.playAll(lowered.design()), CycleModel.run(lowered.design()));
      String text = DesignPrinter.print(lowered.design());
      assertEquals(lowered.design(), DesignParser.parse("several", text));
    }
  }

  private static String id(Value value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  @Test
  void resultsOfOneFrameLeaveWhileTheNextIsComputed() {
    Models models = new Models(1);
    Value x = models.input(IntegerType.INT8, 1, 32);
    Value y = models.add("fc", new IntegerDense(0), x, models.weights("w", 1, 32, 32));
    ScheduledDesign design = check(models, x, models.requantize("q", y, 1), 32);
    assertEquals(32, design.prediction().cyclesPerFrame());
    assertEquals(1, design.mapping().layers().get("fc").layout().clusters());
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void budgetsThatAKnownDesignKeepsAreAccepted(Target target) {
    Models models = new Models(1);
    Value x = models.input(IntegerType.INT8, 1, 48);
    Value y = models.add("fc", new IntegerDense(0), x, models.weights("w", 1, 32, 48));
    PartitionedModel model = models.model(models.requantize("q", y, 1));
    ScheduledDesign known = schedule(model, target, new Budget.Multipliers(1));
    long luts = DesignArea.of(known.lowered().design(), target).total().wholeLuts();
    Budget budget =
        new Budget.Resources(OptionalInt.of(8), OptionalInt.of((int) luts), OptionalInt.empty());
    ScheduledDesign found = schedule(model, target, budget);
    long taken = DesignArea.of(found.lowered().design(), target).total().wholeLuts();
    assertTrue(taken <= luts, taken + " of " + luts);
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void multipliersAreCountedWhateverTheyTake(Target target) {
    Models models = new Models(1);
    Value y = models.input(IntegerType.INT8, 1, 24);
    for (int layer = 0; layer < 3; layer++) {
      Value w = models.weights("w" + layer, 1, 24, 24);
      y = models.add("fc" + layer, new IntegerDense(0), y, w);
      y = models.requantize("q" + layer, y, 1);
    }
    PartitionedModel model = models.model(y);
    assertTrue(schedule(model, target, new Budget.Multipliers(4)).multipliers() <= 4);
  }

  private static ScheduledDesign schedule(PartitionedModel model, Target target, Budget budget) {
    return Scheduler.schedule(
        model, Mapping.of(target, Optional.of(budget)), new DiagnosticCollector());
  }

  @Test
  void randomConvolutionsComputeWhatTheOperatorsDefine() {
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      Models models = new Models(seed);
      Layout layout = random.nextBoolean() ? Layout.NCHW : Layout.NHWC;
      int groups = 1 + random.nextInt(3);
      int in = groups * (1 + random.nextInt(3));
      int out = groups * (1 + random.nextInt(4));
      Window window = window(random);
      int zero = random.nextInt(256);
      Value x = models.input(IntegerType.UINT8, layout.shape(1, in, 9, 8).toArray());
      Value weights =
          models.weights(
              "w",
              random.nextDouble(),
              out,
              in / groups,
              window.kernelHeight(),
              window.kernelWidth());
      Value y =
          models.add(
              "conv",
              new IntegerConv2d(window, layout, groups, zero),
              x,
              weights,
              models.biases("b", out));
      if (random.nextBoolean()) {
        y = models.requantize("requantize", y, layout.channelAxis());
      }
      check(models, x, y, 1 + random.nextInt(20));
    }
  }

  /** Its input and its output are one queue, in which the elements stay as they are. */
  @Test
  void aNetworkThatOnlyMovesElementsHasAMeaningAtEitherEnd() {
    for (Op move : List.of(new Transpose(List.of(0, 1, 3, 2)), new Reshape(List.of(1, 120)))) {
      Models models = new Models(4);
      Value x = models.input(IntegerType.INT8, 1, 3, 8, 5);
      Value y = models.add("move", move, x);
      LoweredModel lowered = check(models, x, y, 1).lowered();
      assertEquals(lowered.design().input(), lowered.design().outputs().get(0).stream());
      assertEquals(
          List.of(x, y), List.of(lowered.input().value(), lowered.outputs().get(0).value()));
    }
  }

  @Test
  void theSumOverALargeMapIsMadeInParts() {
    for (Layout layout : Layout.values()) {
      Models models = new Models(7);
      Value x = models.input(IntegerType.UINT8, layout.shape(1, 3, 78, 77).toArray());
      Value y = models.add("sum", new IntegerSumPool2d(Window.of(78, 77), layout, 3), x);
      ScheduledDesign design = check(models, x, models.requantize("r", y, layout.channelAxis()), 1);
      assertTrue(
          design.lowered().design().units().stream()
              .allMatch(unit -> !(unit instanceof WindowUnit w) || w.program().steps() < 16384));
    }
  }

  @Test
  void blocksOfPixelsAndUnequalClustersComputeTheSame() {
    int unequal = 0;
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      Models models = new Models(seed);
      final Value x = models.input(IntegerType.UINT8, 1, 2, 5, 8);
      int stride = 1 + seed % 2;
      Window window = new Window(3, 3, stride, stride, 1, 1, 1, 1, 1, 1);
      Value y = models.weights("w", random.nextDouble(), 6, 2, 3, 3);
      y =
          models.add(
              "c", new IntegerConv2d(window, Layout.NCHW, 1, 7), x, y, models.biases("b", 6));
      y = models.requantize("r", y, 1);
      int block = 1 << random.nextInt(3);
      int copies = random.nextBoolean() ? block : 1;
      int[] divisors = {1, 2, 3, 6, 6 * block, 2 * block};
      int clusters = divisors[random.nextInt(copies > 1 ? 4 : divisors.length)];
      LaneLayout layout =
          new LaneLayout(block, copies, clusters, 1 + random.nextInt(4), 1, Addressing.OWN);
      Folding folding = Folding.plain(layout, new Buffering(1, random.nextBoolean(), false));
      PartitionedModel model = models.model(y);
      Mapping mapping =
          Mapping.of(Target.GENERIC, Optional.empty()).withLayers(Map.of("c", folding));
      ScheduledDesign design = Scheduler.schedule(model, mapping, new DiagnosticCollector());
      computes(models, x, model, design, Integer.MAX_VALUE);
      WindowUnit unit = (WindowUnit) design.lowered().design().units().get(0);
      assertEquals(8 / stride / block, unit.walk().outputWidth());
      long sizes = unit.program().clusters().stream().map(c -> c.lanes().size()).distinct().count();
      unequal += sizes > 1 ? 1 : 0;
    }
    assertTrue(unequal > 0, "no folding gives clusters of unequal lanes");
  }

  @Test
  void copiesTakeTheWordsOfOnePixel() {
    for (int steps : List.of(80, 300)) {
      Models models = new Models(3);
      Value x = models.input(IntegerType.INT8, 1, steps / 4, 3, 10);
      Window window = new Window(3, 3, 1, 1, 1, 1, 0, 0, 0, 0);
      Value w = models.weights("w", 0.5, 4, steps / 4, 3, 3);
      Value y = models.add("c", new IntegerConv2d(window, Layout.NCHW, 1, 0), x, w);
      PartitionedModel model = models.model(models.requantize("r", y, 1));
      MemoryBits one = MemoryBits.of(Netlist.memories(unit(model, layout(1, 1))));
      MemoryBits four = MemoryBits.of(Netlist.memories(unit(model, layout(4, 4))));
      MemoryBits block = MemoryBits.of(Netlist.memories(unit(model, layout(4, 1))));
      assertEquals(one.weights(), four.weights());
      assertEquals(one.positions(), four.positions());
      assertTrue(block.weights() > 3 * one.weights(), block + ", " + one);
    }
  }

  private static LaneLayout layout(int block, int copies) {
    return new LaneLayout(block, copies, 1, 1, 1, Addressing.OWN);
  }

  private static WindowUnit unit(PartitionedModel model, LaneLayout layout) {
    Mapping mapping =
        Mapping.of(Target.GENERIC, Optional.empty())
            .withLayers(Map.of("c", Folding.plain(layout, Buffering.LEAST)));
    ScheduledDesign design = Scheduler.schedule(model, mapping, new DiagnosticCollector());
    return design.lowered().design().units().stream()
        .filter(WindowUnit.class::isInstance)
        .map(WindowUnit.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void elementsThatAreBroadcastMakeTheSameSums() {
    for (int seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      Models models = new Models(seed);
      int each = 1 << random.nextInt(4);
      int inputs = each * (1 + random.nextInt(110 / each));
      int perCluster = 1 + random.nextInt(9);
      int clusters = 1 + random.nextInt(3);
      Value x = models.input(IntegerType.INT8, 1, inputs);
      double density = 0.1 + 0.9 * random.nextDouble();
      Value w = models.weights("w", density, perCluster * clusters, inputs);
      Value bias = models.biases("b", perCluster * clusters);
      Value y = models.add("fc", new IntegerDense(-5), x, w, bias);
      PartitionedModel model = models.model(models.requantize("q", y, 1));
      LaneLayout layout =
          new LaneLayout(1, 1, clusters, 1 + random.nextInt(4), 1, Addressing.BROADCAST);
      Mapping mapping =
          Mapping.of(Target.GENERIC, Optional.empty())
              .withLayers(
                  Map.of(
                      "fc",
                      Folding.plain(layout, new Buffering(each, seed % 3 == 0, false))
                          .withWords(MATRIX_WORDS.get(seed % MATRIX_WORDS.size()))));
      ScheduledDesign design = Scheduler.schedule(model, mapping, new DiagnosticCollector());
      computes(models, x, model, design, Integer.MAX_VALUE);
      Design made = design.lowered().design();
      assertTrue(made.units().stream().anyMatch(MatrixUnit.class::isInstance));
      assertEquals(made, DesignParser.parse("hardware.etch", DesignPrinter.print(made)));
    }
  }

  @Test
  void elementsAreBroadcastWhereThatIsPossible() {
    LaneLayout layout = new LaneLayout(1, 1, 1, 2, 1, Addressing.BROADCAST);
    Folding broadcast = Folding.plain(layout, Buffering.LEAST);
    Mapping open = Mapping.of(Target.GENERIC, Optional.of(new Budget.Multipliers(8)));
    assertTrue(refusal(open.withLayers(Map.of("conv1", broadcast))).contains("dense layers only"));
    Folding adders = broadcast.withProducts(ProductForm.ADDERS);
    assertTrue(refusal(open.withLayers(Map.of("fc1", adders))).contains("to multipliers"));
    for (int each : new int[] {3, 16}) {
      Folding wide = Folding.plain(layout, new Buffering(each, false, false));
      String why = refusal(open.withLayers(Map.of("fc1", wide)));
      assertTrue(why.contains("1, 2, 4 or 8 at a time, which must divide 800"), why);
    }
    Folding plain = Folding.plain(LaneLayout.SINGLE, Buffering.LEAST);
    Folding coded = plain.withWords(WordSource.CODED);
    assertTrue(refusal(open.withLayers(Map.of("fc1", coded))).contains("coded weights"));
    SharedLayers dense = SharedLayers.of(List.of("fc1", "fc2"), 4);
    Mapping shared = arrays(8, dense).withLayers(Map.of("fc1", broadcast));
    assertTrue(refusal(shared).contains("lanes of its own"));
  }

  private static Window window(Random random) {
    return new Window(
        1 + random.nextInt(3),
        1 + random.nextInt(3),
        1 + random.nextInt(3),
        1 + random.nextInt(3),
        1 + random.nextInt(2),
        1 + random.nextInt(2),
        random.nextInt(3),
        random.nextInt(3),
        random.nextInt(3),
        random.nextInt(3));
  }

  @Test
  void aSmallNetworkWithEveryKindOfLayer() {
    for (int multipliers : new int[] {6, 20, 100}) {
      Models models = new Models(multipliers);
      Window same = new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
      final Value x = models.input(IntegerType.UINT8, 1, 3, 12, 12);
      Value y = conv(models, "c1", x, same, 0.9, 8, 3);
      Value main = conv(models, "c2", y, same, 0.5, 8, 8);
      main = conv(models, "c3", main, same, 0.9, 8, 8);
      SumRequantization sum = new FloatSum(1, 0, 1, 0, 1, 0, 0, 255);
      Value z = models.add("add", new QuantizedAdd(sum, IntegerType.UINT8), main, y);
      Value side = conv(models, "c4", z, Window.of(1, 1), 0.3, 4, 8);
      z = models.add("join", new Concat(1), z, side);
      z = models.add("pad", new Pad(List.of(0, 0, 1, 1), List.of(0, 0, 1, 1), 9), z);
      z =
          models.add(
              "pool", new MaxPool2d(new Window(2, 2, 2, 2, 1, 1, 0, 0, 0, 0), Layout.NCHW), z);
      z =
          models.requantize(
              "mean",
              models.add("sum", new IntegerSumPool2d(Window.of(3, 3), Layout.NCHW, 5), z),
              1);
      z = models.add("turn", new Transpose(List.of(0, 2, 3, 1)), z);
      z = models.add("flat", new Reshape(List.of(1, 25 * 12)), z);
      z = models.add("fc", new IntegerDense(4), z, models.weights("wf", 0.2, 10, 25 * 12));
      z = models.add("class", new ArgMax(1, false, false), models.requantize("rf", z, 1));
      check(models, x, z, multipliers);
    }
  }

  private static Value conv(
      Models models, String name, Value x, Window window, double density, int out, int in) {
    Value weights =
        models.weights(name + "w", density, out, in, window.kernelHeight(), window.kernelWidth());
    Value y = models.add(name, new IntegerConv2d(window, Layout.NCHW, 1, 3), x, weights);
    return models.requantize(name + "r", y, 1);
  }

  @Test
  void rowMajorConsumersOfChannelsLastStreamsGetAReorderingUnit() {
    Models models = new Models(5);
    final Value x = models.input(IntegerType.INT8, 1, 4, 6, 6);
    Value y = conv(models, "c", x, Window.of(3, 3), 1, 4, 4);
    y = models.add("turn", new Reshape(List.of(1, 8, 4, 2)), y);
    y = conv(models, "d", y, Window.of(2, 2), 1, 2, 8);
    ScheduledDesign design = check(models, x, y, 8);
    assertTrue(
        design.statistics().stream().anyMatch(u -> u.kind().equals("reorder")),
        "reshaping across channels needs a reordering unit");
  }

  private static PartitionedModel lenet(double density) {
    Models models = new Models(1);
    final Value x = models.input(IntegerType.UINT8, 1, 1, 28, 28);
    Window half = new Window(2, 2, 2, 2, 1, 1, 0, 0, 0, 0);
    Value y = conv(models, "conv1", x, Window.of(5, 5), Math.min(1, density * 5), 20, 1);
    y = models.add("pool1", new MaxPool2d(half, Layout.NCHW), y);
    y = conv(models, "conv2", y, Window.of(5, 5), density, 50, 20);
    y = models.add("pool2", new MaxPool2d(half, Layout.NCHW), y);
    y = models.add("flat", new Reshape(List.of(1, 800)), y);
    y = models.add("fc1", new IntegerDense(3), y, models.weights("w1", density, 500, 800));
    y = models.requantize("r1", y, 1);
    y = models.add("fc2", new IntegerDense(3), y, models.weights("w2", density * 2, 10, 500));
    return models.model(models.requantize("r2", y, 1));
  }

  @Test
  void theBusiestArrayOfAPrunedLenetIsNinetyPercentUseful() {
    for (int multipliers : new int[] {8, 32, 128}) {
      ScheduledDesign design = schedule(lenet(0.1), multipliers);
      double best =
          design.statistics().stream().mapToDouble(UnitStatistics::utilization).max().orElseThrow();
      assertTrue(best >= 0.95, multipliers + " multipliers: " + best);
      assertTrue(design.multipliers() <= multipliers);
    }
  }

  @Test
  void cyclesShrinkWithTheZeros() {
    long sparse = schedule(lenet(0.1), 32).prediction().cyclesPerFrame();
    long dense = schedule(lenet(1), 32).prediction().cyclesPerFrame();
    assertTrue(dense >= 4 * sparse, dense + " against " + sparse);
  }

  @Test
  void theCompleteMappingReproducesTheDesign() {
    ScheduledDesign first = schedule(lenet(0.1), 32);
    ScheduledDesign second =
        Scheduler.schedule(
            lenet(0.1), ThresholdArithmetic::analyze, first.mapping(), new DiagnosticCollector());
    assertEquals(first.lowered().design(), second.lowered().design());
    assertEquals(first.prediction(), second.prediction());
  }

  @Test
  void aFrameRateIsMetWithFewMultipliers() {
    Budget budget = new Budget.CyclesPerFrame(20_000);
    ScheduledDesign design =
        Scheduler.schedule(
            lenet(0.1),
            ThresholdArithmetic::analyze,
            Mapping.of(Target.GENERIC, Optional.of(budget)),
            new DiagnosticCollector());
    assertTrue(design.prediction().cyclesPerFrame() <= 20_000);
    long products =
        design.lowered().design().units().stream()
            .filter(WindowUnit.class::isInstance)
            .map(WindowUnit.class::cast)
            .filter(u -> u.operation() == WindowUnit.Operation.MULTIPLY_ACCUMULATE)
            .mapToLong(u -> u.program().usefulSteps() * u.walk().pixels())
            .sum();
    assertTrue(design.multipliers() <= products / 20_000 + 6, design.multipliers() + " lanes");
  }

  private static ScheduledDesign map(PartitionedModel model, Mapping mapping) {
    return Scheduler.schedule(
        model, ThresholdArithmetic::analyze, mapping, new DiagnosticCollector());
  }

  private static String refusal(Mapping mapping) {
    return assertThrows(DiagnosticException.class, () -> map(lenet(0.1), mapping)).getMessage();
  }

  @Test
  void aRateThatIsTooHighBlamesTheClockIfThereIsOne() {
    Budget tooHigh = new Budget.FramesPerSecond(1e9);
    Mapping assumed = Mapping.of(Target.GENERIC, Optional.of(tooHigh));
    assertTrue(refusal(assumed).contains("ask for a lower rate"), refusal(assumed));
    assertFalse(refusal(assumed).contains("--clock"), refusal(assumed));
    assertTrue(refusal(assumed.withClock(Clock.required(80))).contains("or raise --clock"));
  }

  private static Mapping arrays(int multipliers, SharedLayers... arrays) {
    Budget budget = new Budget.Multipliers(multipliers);
    return Mapping.of(Target.GENERIC, Optional.of(budget)).withArrays(List.of(arrays));
  }

  @Test
  void oneMultiplierServesAllLayersAndIsNeverIdle() {
    ScheduledDesign design = schedule(lenet(0.1), 1);
    assertEquals(1, design.multipliers());
    assertEquals(1, design.lowered().design().arrays().size());
    long products =
        design.lowered().design().units().stream()
            .filter(WindowUnit.class::isInstance)
            .map(WindowUnit.class::cast)
            .filter(u -> u.operation() == WindowUnit.Operation.MULTIPLY_ACCUMULATE)
            .mapToLong(u -> u.program().usefulSteps() * u.walk().pixels())
            .sum();
    long cycles = design.prediction().cyclesPerFrame();
    assertTrue(cycles < 1.02 * products, cycles + " cycles for " + products + " products");
  }

  @Test
  void fewMultipliersAreSharedSoThatTheyAreBusy() {
    for (int multipliers : new int[] {2, 5, 8, 12}) {
      ScheduledDesign design = schedule(lenet(0.1), multipliers);
      assertTrue(design.multipliers() <= multipliers);
      double busy =
          design.statistics().stream().mapToDouble(u -> u.utilization() * u.multipliers()).sum()
              / multipliers;
      assertTrue(busy > 0.93, multipliers + " multipliers are busy to " + busy);
    }
  }

  @Test
  void layersShareTheArraysThatTheUserAsksFor() {
    SharedLayers convolutions = SharedLayers.of(List.of("conv2", "conv1"), 5);
    SharedLayers dense = new SharedLayers(List.of("fc1", "fc2"), Optional.empty());
    ScheduledDesign design = map(lenet(0.1), arrays(16, convolutions, dense));
    assertEquals(2, design.lowered().design().arrays().size());
    assertEquals(List.of("conv1", "conv2"), design.mapping().arrays().get(0).layers());
    assertEquals(Optional.of(5), design.mapping().arrays().get(0).multipliers());
    assertEquals(List.of("fc1", "fc2"), design.mapping().arrays().get(1).layers());
    assertTrue(design.multipliers() <= 16);
    ScheduledDesign again = map(lenet(0.1), design.mapping());
    assertEquals(design.lowered().design(), again.lowered().design());
  }

  @Test
  void theCompleteMappingReproducesSharedArraysFromItsText() {
    ScheduledDesign first = schedule(lenet(0.1), 6);
    String text = MappingPrinter.print(first.mapping());
    assertTrue(text.contains("array {layers = ["), text);
    ScheduledDesign second = map(lenet(0.1), MappingParser.parse("mapping.etch", text));
    assertEquals(first.lowered().design(), second.lowered().design());
    assertEquals(first.prediction(), second.prediction());
    String design = DesignPrinter.print(first.lowered().design());
    assertTrue(design.contains("array {name = \"array_0\", units = ["), design);
    assertEquals(first.lowered().design(), DesignParser.parse("hardware.etch", design));
  }

  @Test
  void arraysThatDoNotFitAreRefused() {
    SharedLayers unknown = new SharedLayers(List.of("conv1", "conv9"), Optional.empty());
    assertTrue(refusal(arrays(8, unknown)).contains("'conv9'"));
    SharedLayers pool = new SharedLayers(List.of("conv1", "pool1"), Optional.empty());
    assertTrue(refusal(arrays(8, pool)).contains("no such layer with multipliers"));
    SharedLayers convolutions = SharedLayers.of(List.of("conv1", "conv2"), 4);
    SharedLayers twice = SharedLayers.of(List.of("conv2", "fc1"), 4);
    assertTrue(refusal(arrays(8, convolutions, twice)).contains("another array"));
    Folding wide = Folding.plain(new LaneLayout(1, 1, 5, 1, 1, Addressing.OWN), Buffering.LEAST);
    Mapping conflict = arrays(8, convolutions).withLayers(Map.of("conv1", wide));
    assertTrue(refusal(conflict).contains("takes 5 multipliers, the array has 4"));
    Folding adders =
        Folding.plain(LaneLayout.SINGLE, Buffering.LEAST).withProducts(ProductForm.ADDERS);
    Mapping logic = arrays(8, convolutions).withLayers(Map.of("conv1", adders));
    assertTrue(refusal(logic).contains("adders"));
    assertTrue(refusal(arrays(3, convolutions)).contains("too few"));
  }

  @Test
  void textOfArraysIsChecked() {
    String one = "mapping\narray {layers = [\"a\"]}\n";
    DiagnosticException refusal =
        assertThrows(DiagnosticException.class, () -> MappingParser.parse("m", one));
    assertTrue(refusal.getMessage().contains("two or more"), refusal.getMessage());
    String none = "mapping\narray {layers = [\"a\", \"b\"], multipliers = 0}\n";
    assertThrows(DiagnosticException.class, () -> MappingParser.parse("m", none));
  }

  @Test
  void anImpossibleRateIsRefused() {
    Mapping mapping = Mapping.of(Target.GENERIC, Optional.of(new Budget.CyclesPerFrame(100)));
    DiagnosticException refusal =
        assertThrows(
            DiagnosticException.class,
            () ->
                Scheduler.schedule(
                    lenet(0.1), ThresholdArithmetic::analyze, mapping, new DiagnosticCollector()));
    assertTrue(refusal.getMessage().contains("784"), refusal.getMessage());
  }

  @Test
  void anAreaIsKept() {
    Budget.Resources all = Budget.Resources.of(Map.of("dsp", 40, "lut", 9_000, "bram", 1000));
    ScheduledDesign fast = within(all);
    assertEquals(List.of(), all.shortages(area(fast), Target.XC7));
    assertTrue(fast.multipliers() >= 30, fast.multipliers() + "");
    assertTrue(fast.prediction().cyclesPerFrame() <= 8_000, fast.prediction() + "");
    int luts = (int) (area(fast).wholeLuts() * 0.8);
    Budget.Resources less = Budget.Resources.of(Map.of("dsp", 40, "lut", luts));
    ScheduledDesign small = within(less);
    assertEquals(List.of(), less.shortages(area(small), Target.XC7));
    assertTrue(small.prediction().cyclesPerFrame() > fast.prediction().cyclesPerFrame());
  }

  @Test
  void addersMultiplyWhereMultipliersAreShort() {
    Budget.Resources few = Budget.Resources.of(Map.of("dsp", 6, "lut", 20_000));
    ScheduledDesign design = within(few);
    assertEquals(List.of(), few.shortages(area(design), Target.XC7));
    assertTrue(
        design.mapping().layers().values().stream()
            .anyMatch(f -> f.products() == ProductForm.ADDERS));
    ScheduledDesign again =
        Scheduler.schedule(lenet(0.1), design.mapping(), new DiagnosticCollector());
    assertEquals(design.mapping(), again.mapping());
    assertEquals(design.lowered().design(), again.lowered().design());
    assertEquals(design.prediction(), again.prediction());
  }

  @Test
  void multipliersScaleWhereThereAreEnough() {
    Budget.Resources many = Budget.Resources.of(Map.of("dsp", 60, "lut", 7_000));
    ScheduledDesign design = within(many);
    assertEquals(List.of(), many.shortages(area(design), Target.XC7));
    assertTrue(
        design.mapping().layers().values().stream()
            .anyMatch(f -> f.rescaling() == RescalingForm.MULTIPLIER));
  }

  /** The target has no DSP blocks, and a pool no products. */
  @Test
  void theMappingSaysWhatWasBuiltAndNotWhatWasAskedFor() {
    Mapping plain = schedule(lenet(0.1), 16).mapping();
    Map<String, Folding> asked = new LinkedHashMap<>();
    plain
        .layers()
        .forEach(
            (layer, f) ->
                asked.put(
                    layer,
                    f.withProducts(
                            layer.startsWith("pool") ? ProductForm.ADDERS : ProductForm.MULTIPLIERS)
                        .withRescaling(RescalingForm.MULTIPLIER)));
    ScheduledDesign built = map(lenet(0.1), plain.withLayers(asked));
    assertEquals(plain.layers(), built.mapping().layers());
    ScheduledDesign again = map(lenet(0.1), built.mapping());
    assertTrue(built.lowered().design().equals(again.lowered().design()));
    assertEquals(built.mapping(), again.mapping());
  }

  @Test
  void tooSmallAnAreaIsRefused() {
    DiagnosticException refusal =
        assertThrows(
            DiagnosticException.class,
            () -> within(Budget.Resources.of(Map.of("lut", 100, "bram", 1000))));
    assertTrue(refusal.getMessage().contains("more than the 100 there are"), refusal.getMessage());
  }

  private static ScheduledDesign within(Budget.Resources resources) {
    return Scheduler.schedule(
        lenet(0.1), Mapping.of(Target.XC7, Optional.of(resources)), new DiagnosticCollector());
  }

  private static Area area(ScheduledDesign design) {
    return DesignArea.of(design.lowered().design(), Target.XC7).total();
  }
}
