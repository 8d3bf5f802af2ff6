// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.exact.RangeAnalysis;
import dev.etch.exact.Ranges;
import dev.etch.exact.RequantizerFitter;
import dev.etch.exact.SumFitter;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.hardware.requantizer.Thresholds;
import dev.etch.importer.SharedModels;
import dev.etch.importer.onnx.OnnxImporter;
import dev.etch.importer.onnx.format.ModelProto;
import dev.etch.op.Dequantize;
import dev.etch.op.Quantization;
import dev.etch.op.Quantize;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Real models as a whole: the integer graph, run by the reference, gives ONNX Runtime's own bits
 * before the final Softmax, at its default optimization level. Float inputs are random over what
 * the input quantization holds.
 */
class OnnxRuntimeEndToEndTest {
  private static final int FRAMES = 20;

  /**
   * Six of its convolutions are float sums of ONNX Runtime, whose order can move a value by a step;
   * on these frames it moves the last integers by two at most.
   */
  @Test
  void resnetIsCloseWhereLayersRunInFloat() throws OrtException, IOException {
    int difference = largestDifference(SharedModels.require("onnx-qdq/resnet.onnx"));
    assertTrue(difference <= 2, difference + " steps");
  }

  @Test
  void autoencoderIsExact() throws OrtException, IOException {
    Path file = SharedModels.require("onnx-qdq/deep_autoencoder.onnx");
    assertEquals(0, largestDifference(file));
  }

  @Test
  void sampleIsExact() throws OrtException, IOException {
    assertEquals(0, largestDifference(sampleModel("lenet5.onnx")));
  }

  @Test
  void denseSampleIsExact() throws OrtException, IOException {
    assertEquals(0, largestDifference(sampleModel("lenet5-dense.onnx")));
  }

  @Test
  void everyLayerOfTheModelsHasASmallHardwareForm() {
    for (Path file :
        List.of(
            SharedModels.require("onnx-qdq/resnet.onnx"),
            SharedModels.require("onnx-qdq/deep_autoencoder.onnx"),
            sampleModel("lenet5.onnx"))) {
      fitAll(prepare(file).accelerator());
    }
  }

  private static void fitAll(Graph accelerator) {
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    Ranges ranges = RangeAnalysis.analyze(accelerator, diagnostics);
    assertEquals(List.of(), diagnostics.diagnostics());
    for (Node node : accelerator.nodes()) {
      if (node.op() instanceof Requantize) {
        Requantizer form = RequantizerFitter.fit(ranges.problems(node));
        assertFalse(form instanceof Thresholds, node.name());
      } else if (node.op() instanceof QuantizedAdd add) {
        assertTrue(
            SumFitter.fit(
                    add.sum(), ranges.of(node.inputs().get(0)), ranges.of(node.inputs().get(1)))
                .isPresent(),
            node.name());
      }
    }
  }

  private static Path sampleModel(String name) {
    return Path.of(System.getProperty("etch.root"), "testbench/models/lenet5-fashion", name);
  }

  private static PartitionedModel prepare(Path file) {
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    PartitionedModel model =
        StandardPasses.prepare(OnnxImporter.read(file, diagnostics), diagnostics);
    assertEquals(List.of(), diagnostics.diagnostics());
    return model;
  }

  /** In steps of the output quantization, over all elements of all frames. */
  private static int largestDifference(Path file) throws OrtException, IOException {
    PartitionedModel model = prepare(file);
    Interpreter before = new Interpreter(model.before());
    Interpreter accelerator = new Interpreter(model.accelerator());
    Dequantize last =
        (Dequantize)
            model.after().nodes().stream()
                .filter(n -> n.op() instanceof Dequantize)
                .findFirst()
                .orElseThrow()
                .op();
    int largest = 0;
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      // Without VNNI, ONNX Runtime's sums would saturate; see docs/rationale/arithmetic.md.
      options.addConfigEntry("session.x64quantprecision", "1");
      try (OrtSession session = environment.createSession(withoutSoftmax(file), options)) {
        Random random = new Random(42);
        for (int frame = 0; frame < FRAMES; frame++) {
          FloatTensor input = randomInput(random, model);
          List<Tensor> integers = accelerator.run(before.run(List.of(input)));
          float[] ours = ((FloatTensor) last.evaluate(integers).get(0)).data();
          float[] theirs = run(environment, session, input);
          largest = Math.max(largest, steps(ours, theirs, last.quantization().scale(0)));
          if (largest == 0) {
            assertArrayEquals(theirs, ours);
          }
          assertTrue(((IntegerTensor) integers.get(0)).data().length == ours.length);
        }
      }
    }
    return largest;
  }

  private static int steps(float[] ours, float[] theirs, float scale) {
    int largest = 0;
    for (int i = 0; i < ours.length; i++) {
      largest = Math.max(largest, Math.round(Math.abs(ours[i] - theirs[i]) / scale));
    }
    return largest;
  }

  /** The model with the operand of its last Softmax, if it ends in one, as its result. */
  private static byte[] withoutSoftmax(Path file) throws IOException {
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    var graph = model.getGraphBuilder();
    int last = graph.getNodeCount() - 1;
    if (graph.getNode(last).getOpType().equals("Softmax")) {
      graph.getOutputBuilder(0).setName(graph.getNode(last).getInput(0));
      graph.removeNode(last);
    }
    return model.build().toByteArray();
  }

  private static FloatTensor randomInput(Random random, PartitionedModel model) {
    Quantization quantization =
        ((Quantize)
                model.before().nodes().stream()
                    .filter(n -> n.op() instanceof Quantize)
                    .findFirst()
                    .orElseThrow()
                    .op())
            .quantization();
    float[] data = new float[model.whole().inputs().get(0).type().shape().elements()];
    for (int i = 0; i < data.length; i++) {
      data[i] = (random.nextInt(256) - 128 - quantization.zeroPoint(0)) * quantization.scale(0);
    }
    return FloatTensor.of(model.whole().inputs().get(0).type().shape(), data);
  }

  private static float[] run(OrtEnvironment environment, OrtSession session, FloatTensor input)
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
