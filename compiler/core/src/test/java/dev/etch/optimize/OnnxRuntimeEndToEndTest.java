// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.exact.ChannelProblem;
import dev.etch.exact.RangeAnalysis;
import dev.etch.exact.Ranges;
import dev.etch.exact.RequantizerFitter;
import dev.etch.exact.SumFitter;
import dev.etch.graph.Node;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.hardware.Requantizer;
import dev.etch.importer.SharedModels;
import dev.etch.importer.onnx.OnnxImporter;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Real models as a whole: the integer graph, run by the reference, gives ONNX Runtime's own bits
 * (default optimization level). Float inputs are random over what the input quantization holds.
 */
class OnnxRuntimeEndToEndTest {
  private static final int FRAMES = 20;

  @Test
  void resnet() throws OrtException {
    check(SharedModels.require("onnx-qdq/resnet.onnx"));
  }

  @Test
  void autoencoder() throws OrtException {
    check(SharedModels.require("onnx-qdq/deep_autoencoder.onnx"));
  }

  @Test
  void sample() throws OrtException {
    check(sampleModel("lenet5.onnx"));
  }

  @Test
  void denseSample() throws OrtException {
    check(sampleModel("lenet5-dense.onnx"));
  }

  private static Path sampleModel(String name) {
    return Path.of(System.getProperty("etch.root"), "testbench/models/lenet5-fashion", name);
  }

  private static void check(Path file) throws OrtException {
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    PartitionedModel model =
        StandardPasses.prepare(OnnxImporter.read(file, diagnostics), diagnostics);
    assertEquals(List.of(), diagnostics.diagnostics());
    Ranges ranges = RangeAnalysis.analyze(model.accelerator(), diagnostics);
    diagnostics.throwIfErrors();
    for (Node node : model.accelerator().nodes()) {
      report(node, ranges);
    }
    Interpreter before = new Interpreter(model.before());
    Interpreter accelerator = new Interpreter(model.accelerator());
    Interpreter after = new Interpreter(model.after());
    try (OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OrtSession session = environment.createSession(file.toString())) {
      Random random = new Random(42);
      int different = 0;
      int total = 0;
      for (int frame = 0; frame < FRAMES; frame++) {
        FloatTensor input = randomInput(random, model);
        List<Tensor> integers = accelerator.run(before.run(List.of(input)));
        float[] ours = ((FloatTensor) after.run(integers).get(0)).data();
        float[] theirs = run(environment, session, input, model.whole().inputs().get(0));
        for (int i = 0; i < ours.length; i++) {
          if (ours[i] != theirs[i]) {
            different++;
            System.out.println("DIFF " + frame + " " + i + " " + ours[i] + " " + theirs[i]);
          }
          total++;
        }
      }
      System.out.println(file.getFileName() + ": " + different + " of " + total);
      assertEquals(0, different);
    }
  }

  private static void report(Node node, Ranges ranges) {
    if (node.op() instanceof Requantize) {
      List<ChannelProblem> problems = ranges.problems(node);
      long start = System.nanoTime();
      Requantizer form = RequantizerFitter.fit(problems);
      String text = form.getClass().getSimpleName();
      if (form instanceof Requantizer.Scale s) {
        text +=
            " shift "
                + s.shift()
                + " "
                + s.tieRule()
                + " multipliers "
                + s.multipliers().size()
                + " max "
                + s.multipliers().stream().max(Long::compare).orElseThrow();
      }
      System.out.println(
          node.name()
              + " channels "
              + problems.size()
              + " "
              + text
              + " "
              + (System.nanoTime() - start) / 1000000
              + " ms "
              + problems.get(0));
    }
    if (node.op() instanceof QuantizedAdd add) {
      var sum =
          SumFitter.fit(
              add.sum(),
              ranges.of(node.inputs().get(0)),
              ranges.of(node.inputs().get(1)),
              node.location());
      String s = sum.toString();
      System.out.println(node.name() + " " + s.substring(0, Math.min(150, s.length())));
    }
  }

  private static FloatTensor randomInput(Random random, PartitionedModel model) {
    Value input = model.whole().inputs().get(0);
    Node quantize =
        model.before().nodes().stream()
            .filter(n -> n.op() instanceof dev.etch.op.Quantize)
            .findFirst()
            .orElseThrow();
    var q = ((dev.etch.op.Quantize) quantize.op()).quantization();
    float[] data = new float[input.type().shape().elements()];
    for (int i = 0; i < data.length; i++) {
      data[i] = (random.nextInt(256) - 128 - q.zeroPoint(0)) * q.scale(0);
    }
    return FloatTensor.of(input.type().shape(), data);
  }

  private static float[] run(
      OrtEnvironment environment, OrtSession session, FloatTensor input, Value value)
      throws OrtException {
    long[] shape = Arrays.stream(input.shape().toArray()).asLongStream().toArray();
    try (OnnxTensor tensor =
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(input.data()), shape);
        OrtSession.Result result =
            session.run(Map.of(session.getInputNames().iterator().next(), tensor))) {
      FloatBuffer buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] data = new float[buffer.remaining()];
      buffer.get(data);
      return data;
    }
  }
}
