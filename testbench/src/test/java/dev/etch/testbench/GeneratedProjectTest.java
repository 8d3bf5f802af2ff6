// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Node;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.hardware.Design;
import dev.etch.hardware.FrameOrder;
import dev.etch.hardware.RomContents;
import dev.etch.hardware.Stream;
import dev.etch.hardware.StreamType;
import dev.etch.hardware.Target;
import dev.etch.hardware.WidthUnit;
import dev.etch.hardware.verilog.VerilogGenerator;
import dev.etch.lower.LoweredModel;
import dev.etch.op.Dequantize;
import dev.etch.op.Op;
import dev.etch.op.Quantization;
import dev.etch.op.Quantize;
import dev.etch.op.Reshape;
import dev.etch.templates.driver.CompiledDriver;
import dev.etch.templates.driver.DriverOptions;
import dev.etch.templates.driver.DriverProject;
import dev.etch.templates.driver.ReferenceVector;
import dev.etch.templates.driver.SampleModels;
import dev.etch.templates.testbench.IcarusTestbench;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The generated driver and the generated Verilog testbench against generated Verilog. */
class GeneratedProjectTest {
  private static final int HASH = 0x8badf00d;
  private static final int FRAMES = 3;
  private static final int FRAME_CYCLES = 2000;
  private static final String SIMULATOR = "etch.simulator";

  private static Graph chain(TensorType input, Op... ops) {
    GraphBuilder builder = new GraphBuilder("flatten");
    Value value = builder.input("x", input);
    for (Op op : ops) {
      value = builder.add("node", op, Location.file("sample"), value);
    }
    builder.output(value);
    return builder.build();
  }

  /** Floats in NCHW to int8, flattened while they travel as rows, columns, channels, to floats. */
  private static LoweredModel model() {
    Quantization quantization = Quantization.perTensor(IntegerType.INT8, 0.1f, -3);
    Op quantize = new Quantize(quantization);
    Op flatten = new Reshape(List.of(1, 24));
    Op dequantize = new Dequantize(quantization);
    TensorType floats = new TensorType(FloatType.FLOAT32, Shape.of(1, 2, 3, 4));
    Graph before = chain(floats, quantize);
    Graph accelerator = chain(before.outputs().get(0).type(), flatten);
    PartitionedModel model =
        new PartitionedModel(
            chain(floats, quantize, flatten, dequantize),
            before,
            accelerator,
            chain(accelerator.outputs().get(0).type(), dequantize));
    Stream in = new Stream("in", new StreamType(1, IntegerType.INT8), 24);
    Stream out = new Stream("out", new StreamType(2, IntegerType.INT8), 12);
    Map<Stream, Integer> depths = new LinkedHashMap<>();
    depths.put(in, 2);
    depths.put(out, 2);
    int[] indexes = new int[24];
    for (int place = 0; place < indexes.length; place++) {
      indexes[place] = place % 2 * 12 + place / 2;
    }
    FrameOrder order = new FrameOrder(indexes);
    LoweredModel.Meaning first = new LoweredModel.Meaning(accelerator.inputs().get(0), order);
    LoweredModel.Meaning last = new LoweredModel.Meaning(accelerator.outputs().get(0), order);
    return new LoweredModel(
        model,
        accelerator,
        new Design("flatten", List.of(new WidthUnit("widen", "flatten", in, out)), depths, in, out),
        first,
        List.of(last),
        Map.of(in, first, out, last));
  }

  private static List<ReferenceVector> vectors(LoweredModel lowered) {
    Random random = new Random(3);
    List<ReferenceVector> vectors = new ArrayList<>();
    for (int i = 0; i < FRAMES; i++) {
      float[] values = new float[24];
      for (int k = 0; k < values.length; k++) {
        values[k] = (float) random.nextGaussian() * 6;
      }
      Tensor input = FloatTensor.of(Shape.of(1, 2, 3, 4), values);
      Tensor quantized = run(lowered.model().before(), input);
      Tensor result = run(lowered.model().accelerator(), quantized);
      vectors.add(
          new ReferenceVector(
              input,
              (IntegerTensor) quantized,
              List.of((IntegerTensor) result),
              List.of(run(lowered.model().after(), result))));
    }
    return vectors;
  }

  private static Tensor run(Graph graph, Tensor input) {
    Tensor value = input;
    for (Node node : graph.nodes()) {
      value = node.op().evaluate(List.of(value)).get(0);
    }
    return value;
  }

  private static Path rtl(LoweredModel lowered, Path folder) {
    Path rtl = folder.resolve("rtl");
    VerilogGenerator.generate(
        lowered.design(), "a test", rtl, HASH, RomContents.IN_VERILOG, Target.GENERIC);
    return rtl;
  }

  @Test
  void driverPassesItsTestsAgainstSimulatedVerilog(@TempDir Path folder) throws Exception {
    LoweredModel lowered = model();
    TestExecutionSummary summary =
        driverTest(lowered, HASH, rtl(lowered, folder), vectors(lowered), "SimulatedRtlTest");
    assertEquals(5, summary.getTestsSucceededCount(), () -> failures(summary));
  }

  @Test
  void driverOfSeveralOutputsPassesItsTestsAgainstSimulatedVerilog(@TempDir Path folder)
      throws Exception {
    LoweredModel lowered = SampleModels.several("several");
    List<ReferenceVector> vectors = SampleModels.vectors(lowered, FRAMES);
    TestExecutionSummary summary =
        driverTest(lowered, HASH, rtl(lowered, folder), vectors, "SimulatedRtlTest");
    assertEquals(5, summary.getTestsSucceededCount(), () -> failures(summary));
  }

  /** Runs a test of a generated driver, with a simulator of the Verilog. */
  static TestExecutionSummary driverTest(
      LoweredModel lowered, int hash, Path rtl, List<ReferenceVector> vectors, String test)
      throws Exception {
    Path simulator =
        new VerilatorBuild(SimulatorCache.standard())
            .build(
                new VerilatorBuild.Request(rtl, lowered.design().name(), Optimization.NONE, false));
    CompiledDriver driver =
        CompiledDriver.compile(
            DriverProject.generate(
                lowered,
                new DriverOptions(hash, FRAME_CYCLES, List.of(), vectors, Optional.empty())),
            DriverProject.modelClass(lowered.model().whole().name()),
            rtl.resolveSibling("driver-" + test));
    System.setProperty(SIMULATOR, simulator.toString());
    try {
      return driver.test(test);
    } finally {
      System.clearProperty(SIMULATOR);
    }
  }

  static String failures(TestExecutionSummary summary) {
    StringWriter failures = new StringWriter();
    summary.printFailuresTo(new PrintWriter(failures, true));
    return failures.toString();
  }

  @Test
  void icarusPassesTheGeneratedVerilog(@TempDir Path folder) throws Exception {
    LoweredModel lowered = model();
    rtl(lowered, folder);
    Path testbench = Files.createDirectories(folder.resolve("testbench"));
    IcarusTestbench.generate(
            lowered.design(), HASH, FRAMES, 100, OptionalLong.empty(), IcarusTestbench.Sweep.NONE)
        .writeTo(testbench);
    VectorFiles.write(
        testbench,
        lowered,
        vectors(lowered).stream().map(ReferenceVector::acceleratorInput).toList());
    String output = icarus(testbench);
    assertTrue(output.contains("PASS: 3 frames, 36 beats equal"), output);
  }

  /** Runs a generated testbench; what it prints. */
  static String icarus(Path testbench) throws Exception {
    Process process =
        new ProcessBuilder("sh", testbench.resolve("run.sh").toString(), "+stall=30")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
