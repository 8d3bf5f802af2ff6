// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.compressed.OwnFiles;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.importer.ModelFile;
import dev.etch.importer.SharedModels;
import dev.etch.importer.TfliteKernels;
import dev.etch.tensor.Shape;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Real models: what they become, and what is said about those that are not supported. */
class SharedModelsTest {
  @Test
  void resnet() {
    Graph graph = read("onnx-qdq/resnet.onnx");
    assertEquals(Shape.of(1, 32, 32, 3), graph.inputs().get(0).type().shape());
    assertEquals(Shape.of(1, 10), graph.outputs().get(0).type().shape());
    assertEquals(
        Map.of(
            "Transpose",
            1L,
            "Quantize",
            15L,
            "Dequantize",
            35L,
            "Conv2d",
            9L,
            "Add",
            3L,
            "AveragePool2d",
            1L,
            "Reshape",
            1L,
            "Dense",
            1L,
            "Softmax",
            1L,
            "Constant",
            20L),
        operators(graph));
  }

  @Test
  void autoencoder() {
    Graph graph = read("onnx-qdq/deep_autoencoder.onnx");
    assertEquals(Shape.of(1, 640), graph.inputs().get(0).type().shape());
    assertEquals(
        Map.of("Quantize", 11L, "Dequantize", 31L, "Dense", 10L, "Constant", 20L),
        operators(graph));
  }

  @Test
  void qonnx() {
    Graph graph = read("qonnx/TFC_2W2A.onnx");
    assertEquals(Shape.of(1, 1, 28, 28), graph.inputs().get(0).type().shape());
    assertEquals(Shape.of(1, 10), graph.outputs().get(0).type().shape());
    assertEquals(4L, operators(graph).get("RealQuantize"));
    assertEquals(4L, operators(graph).get("Dense"));
  }

  private static Graph read(String name) {
    Path file = SharedModels.require(name);
    return ModelFile.read(file, new OwnFiles(), TfliteKernels.CURRENT, new DiagnosticCollector());
  }

  private static Map<String, Long> operators(Graph graph) {
    return graph.nodes().stream()
        .collect(
            Collectors.groupingBy(
                n -> n.op().getClass().getSimpleName(), TreeMap::new, Collectors.counting()));
  }
}
