// SPDX-License-Identifier: Apache-2.0
package dev.etch.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compressed.OwnFiles;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Node;
import dev.etch.importer.ModelFile;
import dev.etch.importer.TfliteKernels;
import dev.etch.op.Constant;
import dev.etch.op.Layout;
import dev.etch.op.Quantization;
import dev.etch.op.QuantizeTiesAway;
import dev.etch.optimize.StandardPasses;
import dev.etch.reference.Interpreter;
import dev.etch.reference.OnnxRuntime;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.SparseWeights;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** ONNX Runtime computes what the reference does, with channels first and last. */
class OnnxExporterTest {
  private static final int FRAMES = 400;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Layout.class)
  void outputsAreTheReferences(Layout layout) {
    Graph graph = new QuantizedNetwork(layout, 5).graph();
    Interpreter reference = reference(graph);
    byte[] model = OnnxExporter.export(graph);
    SplittableRandom random = new SplittableRandom(9);
    for (int frame = 0; frame < FRAMES; frame++) {
      Tensor input = frame(graph.inputs().get(0).type(), frame, random);
      Tensor expected = reference.run(List.of(input)).get(0);
      assertEquals(expected, OnnxRuntime.run(model, Map.of("x", input)), "frame " + frame);
    }
  }

  private static Interpreter reference(Graph graph) {
    return new Interpreter(StandardPasses.prepare(graph, new DiagnosticCollector()).whole());
  }

  /** Uniform, smooth, and extreme bytes in turn. */
  private static Tensor frame(TensorType type, int frame, SplittableRandom random) {
    int[] data = new int[type.shape().elements()];
    int start = random.nextInt(256);
    int slope = random.nextInt(1, 9);
    for (int i = 0; i < data.length; i++) {
      data[i] =
          switch (frame % 3) {
            case 0 -> random.nextInt(256);
            case 1 -> (start + slope * i) % 256;
            default -> random.nextBoolean() ? 255 : 0;
          };
    }
    return new IntegerTensor(type, data);
  }

  /** What is read back computes the same, and weights have the form that they had. */
  @Test
  void theImporterReadsIt() throws IOException {
    Graph graph = new QuantizedNetwork(Layout.NHWC, 6).graph();
    Path file = folder.resolve("a.onnx");
    Files.write(file, OnnxExporter.export(graph));
    Graph read =
        ModelFile.read(file, new OwnFiles(), TfliteKernels.CURRENT, new DiagnosticCollector());
    assertEquals(graph.inputs(), read.inputs());
    assertEquals(
        1,
        read.nodes().stream()
            .filter(node -> node.op() instanceof Constant c && c.weights() instanceof SparseWeights)
            .count());
    Interpreter expected = reference(graph);
    Interpreter actual = reference(read);
    SplittableRandom random = new SplittableRandom(4);
    for (int frame = 0; frame < FRAMES; frame++) {
      Tensor input = frame(graph.inputs().get(0).type(), frame, random);
      assertEquals(expected.run(List.of(input)), actual.run(List.of(input)));
    }
  }

  @Test
  void whatOnnxHasNotIsRefused() {
    GraphBuilder builder = new GraphBuilder("g");
    var x = builder.input("x", new TensorType(FloatType.FLOAT32, Shape.of(1, 2)));
    builder.output(
        builder.add(
            "q",
            new QuantizeTiesAway(Quantization.perTensor(IntegerType.INT8, 1, 0)),
            dev.etch.diagnostic.Location.file("g.etch"),
            x));
    DiagnosticException e =
        assertThrows(DiagnosticException.class, () -> OnnxExporter.export(builder.build()));
    assertTrue(e.getMessage().contains("no form of QuantizeTiesAway"), e.getMessage());
  }

  /** Floats, too: what is not quantized yet. */
  @Test
  void floatNetworks() {
    Graph graph = new QuantizedNetwork(Layout.NHWC, 7).floats();
    Interpreter reference = new Interpreter(graph);
    byte[] model = OnnxExporter.export(graph);
    SplittableRandom random = new SplittableRandom(3);
    float[] data = new float[graph.inputs().get(0).type().shape().elements()];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) random.nextDouble();
    }
    FloatTensor input = new FloatTensor(graph.inputs().get(0).type(), data);
    float[] expected = ((FloatTensor) reference.run(List.of(input)).get(0)).data();
    float[] actual = ((FloatTensor) OnnxRuntime.run(model, Map.of("x", input))).data();
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-4f * Math.max(1, Math.abs(expected[i])));
    }
    long nodes =
        graph.nodes().stream().map(Node::op).filter(op -> !(op instanceof Constant)).count();
    assertTrue(nodes >= 8, nodes + " nodes");
  }
}
