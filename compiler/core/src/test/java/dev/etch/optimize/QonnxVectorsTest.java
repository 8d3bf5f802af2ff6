// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import dev.etch.importer.onnx.OnnxImporter;
import dev.etch.reference.Interpreter;
import dev.etch.reference.RawTensorFile;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Tensor;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * QONNX models and what qonnx's own execution makes of them: equal numbers, through all passes,
 * host parts and accelerator; a zero has no sign here. {@code testbench/models/qonnx-vectors/
 * make_vectors.py} makes them.
 */
class QonnxVectorsTest {
  private static final Path ARCHIVE =
      Path.of(System.getProperty("etch.root"), "testbench/models/qonnx-vectors/vectors.zip");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "concat",
        "concat-pooled",
        "add",
        "add-direct",
        "channel-scales",
        "matmul-bn",
        "matmul-bn-sigmoid",
        "gemm-bn-tanh",
        "int64-zero-points",
        "annotated-bipolar",
        "annotated-int4"
      })
  void everyNumberIsQonnxs(String name) throws IOException {
    for (String file : List.of("model.onnx", "in.bin", "out.bin")) {
      try (FileSystem zip = FileSystems.newFileSystem(ARCHIVE)) {
        Files.copy(zip.getPath(name, file), folder.resolve(file));
      }
    }
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    Graph graph = OnnxImporter.read(folder.resolve("model.onnx"), diagnostics);
    PartitionedModel model = StandardPasses.prepare(graph, diagnostics);
    List<Tensor> frames =
        RawTensorFile.read(folder.resolve("in.bin"), graph.inputs().get(0).type());
    List<Tensor> expected =
        RawTensorFile.read(folder.resolve("out.bin"), graph.outputs().get(0).type());
    for (int i = 0; i < frames.size(); i++) {
      Tensor value = frames.get(i);
      for (Graph part : List.of(model.before(), model.accelerator(), model.after())) {
        value = new Interpreter(part).run(List.of(value)).get(0);
      }
      assertArrayEquals(unsignedZeros(expected.get(i)), unsignedZeros(value), name);
    }
  }

  private static float[] unsignedZeros(Tensor tensor) {
    float[] data = ((FloatTensor) tensor).data().clone();
    for (int i = 0; i < data.length; i++) {
      data[i] += 0f;
    }
    return data;
  }
}
