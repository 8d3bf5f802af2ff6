// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.Location;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.hardware.MatrixNetlist;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.Target;
import dev.etch.hardware.WordSource;
import dev.etch.hardware.memory.ConstantTable;
import dev.etch.lower.Addressing;
import dev.etch.lower.Buffering;
import dev.etch.lower.Folding;
import dev.etch.lower.LaneLayout;
import dev.etch.op.IntegerDense;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.optimize.StandardPasses;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Mapping;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import dev.etch.text.MappingPrinter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Dense layers of circulant blocks: equal to the reference in exactly the predicted cycles, with
 * stalls. The property {@code etch.randomCirculants} sets how many are random (8).
 */
class CirculantTest {
  private static final int FRAMES = 6;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Integer.getInteger("etch.randomCirculants", 8));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void framesAndCyclesAreThePredictedOnes(long seed, @TempDir Path folder) {
    Random random = new Random(seed);
    int size = 2 << (int) (seed % 5);
    int clusters = 1 << random.nextInt(Math.min(4, 1 + (int) (seed % 5)));
    int outputs = clusters * (size / clusters + random.nextInt(40 / clusters + size));
    int inputs = 8 * (1 + random.nextInt(8));
    PartitionedModel model = model(outputs, inputs, size, random);
    LaneLayout layout =
        new LaneLayout(
            1, 1, clusters, size / clusters * (1 + random.nextInt(3)), 1, Addressing.BROADCAST);
    Buffering buffering = new Buffering(1 << random.nextInt(4), random.nextBoolean(), false);
    Mapping mapping =
        Mapping.of(Target.GENERIC, Optional.empty())
            .withLayers(
                Map.of("dense", Folding.plain(layout, buffering).withWords(WordSource.ROTATED)));
    ScheduledDesign design = TestCompiler.compile(model, mapping, folder);
    MatrixUnit unit = matrix(design);
    assertEquals(WordSource.ROTATED, unit.words());
    assertEquals(inputs * unit.program().rotation().orElseThrow().rows(), unit.program().steps());
    verify(model, design, seed, folder);
  }

  /** Nothing has to be said: nothing else has so little memory. */
  @Test
  void blocksAreFoundByThemselves(@TempDir Path folder) {
    PartitionedModel model = model(256, 256, 16, new Random(3));
    Mapping mapping =
        Mapping.of(
            Target.XC7,
            Optional.of(
                new Budget.Resources(
                    OptionalInt.of(32), OptionalInt.of(8_000), OptionalInt.of(8))));
    ScheduledDesign design = TestCompiler.compile(model, mapping, folder);
    MatrixUnit unit = matrix(design);
    assertEquals(WordSource.ROTATED, unit.words());
    MatrixNetlist netlist = MatrixNetlist.of(unit);
    int stored =
        IntStream.range(0, netlist.groups())
            .mapToObj(netlist::blocks)
            .mapToInt((ConstantTable blocks) -> blocks.entries().size() * blocks.width())
            .sum();
    assertEquals(256 * 256 * netlist.weightBits() / 16, stored, "a 16th of the weights");
    verify(model, design, 5, folder);
  }

  private static MatrixUnit matrix(ScheduledDesign design) {
    return design.lowered().design().units().stream()
        .filter(MatrixUnit.class::isInstance)
        .map(MatrixUnit.class::cast)
        .findFirst()
        .orElseThrow(() -> new AssertionError(MappingPrinter.print(design.mapping())));
  }

  private static void verify(
      PartitionedModel model, ScheduledDesign design, long seed, Path folder) {
    List<IntegerTensor> frames = RandomNetwork.frames(model, FRAMES, seed);
    VerifyOptions options =
        VerifyOptions.standard(folder).withPredicted(TestCompiler.predicted(design));
    for (VerifyOptions each :
        List.of(options, options.withDirected(frames).withStalls(Stalls.both(0.3, seed)))) {
      VerifyResult result =
          new Verifier(design.lowered(), folder, each)
              .verify(FRAMES, frames::get, (done, total) -> {});
      assertTrue(result.passed(), design.mapping() + "\n" + result);
    }
  }

  /** One dense layer whose blocks at the edges are cut off; a fifth of all diagonals are zero. */
  private static PartitionedModel model(int outputs, int inputs, int size, Random random) {
    Location location = Location.file("circulant");
    GraphBuilder graph = new GraphBuilder("circulant");
    Value input = graph.input("x", new TensorType(IntegerType.INT8, Shape.of(1, inputs)));
    int across = (inputs + size - 1) / size;
    int[] diagonals =
        random
            .ints((long) across * (outputs + size) * 2, -127, 128)
            .map(weight -> random.nextInt(5) == 0 ? 0 : weight)
            .toArray();
    int[] weights =
        IntStream.range(0, outputs * inputs)
            .map(
                i -> {
                  int row = i / inputs;
                  int column = i % inputs;
                  int block = row / size * across + column / size;
                  return diagonals[block * size + Math.floorMod(row - column, size)];
                })
            .toArray();
    TensorType type = new TensorType(IntegerType.INT8, Shape.of(outputs, inputs));
    Value w = graph.constant("w", new IntegerTensor(type, weights), location);
    Value sum = graph.add("dense", new IntegerDense(0), location, input, w);
    ScaleThenRound scale = new ScaleThenRound(0.003f, 100, 0, 255);
    Requantize requantize = new Requantize(List.of(scale), 1, IntegerType.UINT8);
    graph.output(graph.add("y", requantize, location, sum));
    return StandardPasses.prepare(graph.build(), new DiagnosticCollector());
  }
}
