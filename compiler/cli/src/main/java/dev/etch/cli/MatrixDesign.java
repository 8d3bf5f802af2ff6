// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.Location;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.RomContents;
import dev.etch.hardware.Target;
import dev.etch.hardware.WordSource;
import dev.etch.hardware.verilog.VerilogGenerator;
import dev.etch.lower.Addressing;
import dev.etch.lower.Buffering;
import dev.etch.lower.Folding;
import dev.etch.lower.FrameBeats;
import dev.etch.lower.LaneLayout;
import dev.etch.op.IntegerDense;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.optimize.StandardPasses;
import dev.etch.schedule.Mapping;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.schedule.Scheduler;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import dev.etch.testbench.Timing;
import dev.etch.testbench.Verifier;
import dev.etch.testbench.VerifyOptions;
import dev.etch.testbench.VerifyResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** A dense layer alone, on a matrix unit whose words are coded. */
record MatrixDesign(ScheduledDesign design) {
  private static final String LAYER = "dense";

  /** So that outputs are spread over their range. */
  private static final float SCALE = 0.002f;

  private static final int DESIGN_HASH = 1;

  /**
   * The design of a layer of uint8 elements.
   *
   * @param weights int8, those of each output one after the other
   * @param words where they come from
   * @param memory outside, if they come from there
   */
  static MatrixDesign of(
      String name, int[] weights, int inputs, int lanes, WordSource words, ExternalMemory memory) {
    int elements = beatElements(weights, inputs, lanes);
    int clusters = clusters(weights, inputs, inputs / elements, lanes);
    LaneLayout layout = new LaneLayout(1, 1, clusters, lanes / clusters, 1, Addressing.BROADCAST);
    Folding folding = Folding.plain(layout, new Buffering(elements, true, false)).withWords(words);
    Mapping mapping =
        Mapping.of(Target.GENERIC, Optional.empty())
            .withMemory(memory)
            .withLayers(Map.of(LAYER, folding));
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    return new MatrixDesign(Scheduler.schedule(model(name, weights, inputs), mapping, diagnostics));
  }

  /** As few as come no slower than lanes make products of them, or as many as there may be. */
  private static int beatElements(int[] weights, int inputs, int lanes) {
    int elements = 1;
    while (inputs / elements > products(weights, lanes) && FrameBeats.fit(inputs, 2 * elements)) {
      elements *= 2;
    }
    return elements;
  }

  /** Of a lane, if all have as many. */
  private static long products(int[] weights, int lanes) {
    return Arrays.stream(weights).filter(weight -> weight != 0).count() / lanes;
  }

  /** As few as let the outputs leave while the next frame is worked on, if some do. */
  private static int clusters(int[] weights, int inputs, int beats, int lanes) {
    int outputs = weights.length / inputs;
    long steps = Math.max(beats, products(weights, lanes));
    return IntStream.rangeClosed(1, lanes)
        .filter(clusters -> outputs % clusters == 0 && lanes % clusters == 0)
        .filter(clusters -> outputs / clusters + MatrixUnit.STAGES <= steps)
        .findFirst()
        .orElse(1);
  }

  private static PartitionedModel model(String name, int[] weights, int inputs) {
    int outputs = weights.length / inputs;
    Location location = Location.file(name);
    GraphBuilder graph = new GraphBuilder(name);
    Value x = graph.input("x", new TensorType(IntegerType.UINT8, Shape.of(1, inputs)));
    TensorType type = new TensorType(IntegerType.INT8, Shape.of(outputs, inputs));
    Value w = graph.constant("w", new IntegerTensor(type, weights), location);
    Value sum = graph.add(LAYER, new IntegerDense(0), location, x, w);
    ScaleThenRound channel = new ScaleThenRound(SCALE, 0, -128, 127);
    Requantize requantize = new Requantize(List.of(channel), 1, IntegerType.INT8);
    graph.output(graph.add("y", requantize, location, sum));
    return StandardPasses.prepare(graph.build(), new DiagnosticCollector());
  }

  MatrixUnit unit() {
    return design.lowered().design().units().stream()
        .filter(MatrixUnit.class::isInstance)
        .map(MatrixUnit.class::cast)
        .findFirst()
        .orElseThrow(() -> new CompilerBug("no matrix"));
  }

  /**
   * Cycles of a frame of the Verilog in simulation.
   *
   * @param frames that are compared with the reference, at least 2
   */
  long simulated(int frames) throws IOException {
    Path parent = Files.createTempDirectory("etch-bench-");
    try (OutputFolder target = new OutputFolder(parent.resolve("design"), false)) {
      return simulated(frames, target.folder());
    } finally {
      Files.deleteIfExists(parent);
    }
  }

  private long simulated(int frames, Path folder) {
    VerilogGenerator.generate(
        design.lowered().design(),
        LAYER,
        folder,
        DESIGN_HASH,
        RomContents.IN_FILES,
        Target.GENERIC);
    TensorType type = design.lowered().model().accelerator().inputs().get(0).type();
    VerifyOptions options =
        VerifyOptions.standard(folder).withPredicted(Timing.predicted(design.prediction()));
    VerifyResult result =
        new Verifier(design.lowered(), folder, options)
            .verify(
                frames,
                frame ->
                    new IntegerTensor(
                        type,
                        new Random(frame)
                            .ints(type.shape().elements(), 0, 1 << Byte.SIZE)
                            .toArray()),
                (done, total) -> {});
    if (!result.passed()) {
      throw new CompilerBug("the Verilog differs: " + result);
    }
    return result.measured().orElseThrow().cyclesPerFrame();
  }
}
