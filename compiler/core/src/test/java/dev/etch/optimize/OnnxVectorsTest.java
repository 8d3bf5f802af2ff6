// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import dev.etch.importer.onnx.OnnxImporter;
import dev.etch.reference.Interpreter;
import dev.etch.reference.RawTensorFile;
import dev.etch.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Quantized functions with all operands and networks of {@code quantize_static}, and what ONNX
 * Runtime makes of them: equal byte by byte, through all passes, host parts and accelerator. {@code
 * testbench/models/onnx-vectors/make_vectors.py} makes them.
 */
class OnnxVectorsTest {
  private static final int LEAST_KINDS = 14;
  private static final Path ARCHIVE =
      Path.of(System.getProperty("etch.root"), "testbench/models/onnx-vectors/vectors.zip");

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> everyByteIsOnnxRuntimes() throws IOException {
    TreeMap<String, List<Path>> kinds = new TreeMap<>();
    for (Path model : extract()) {
      String kind = model.getFileName().toString().replaceFirst("-\\d+$", "");
      kinds.computeIfAbsent(kind, any -> new ArrayList<>()).add(model);
    }
    assertTrue(kinds.size() >= LEAST_KINDS, kinds.keySet()::toString);
    return kinds.entrySet().stream()
        .map(
            kind ->
                DynamicTest.dynamicTest(
                    kind.getKey() + ", " + kind.getValue().size() + " models",
                    () -> {
                      for (Path model : kind.getValue()) {
                        check(model);
                      }
                    }));
  }

  private List<Path> extract() throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(ARCHIVE);
        Stream<Path> models = Files.list(zip.getPath("/"))) {
      List<Path> extracted = new ArrayList<>();
      for (Path model : models.sorted().toList()) {
        Path target = Files.createDirectory(folder.resolve(model.getFileName().toString()));
        for (String file : List.of("model.onnx", "in.bin", "out.bin")) {
          Files.copy(model.resolve(file), target.resolve(file));
        }
        extracted.add(target);
      }
      return extracted;
    }
  }

  private static void check(Path folder) throws IOException {
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    Graph graph = OnnxImporter.read(folder.resolve("model.onnx"), diagnostics);
    PartitionedModel model = StandardPasses.prepare(graph, diagnostics);
    ByteArrayOutputStream results = new ByteArrayOutputStream();
    for (Tensor frame :
        RawTensorFile.read(folder.resolve("in.bin"), graph.inputs().get(0).type())) {
      Tensor value = frame;
      for (Graph part : List.of(model.before(), model.accelerator(), model.after())) {
        value = new Interpreter(part).run(List.of(value)).get(0);
      }
      results.write(RawTensorFile.encode(value));
    }
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("out.bin")),
        results.toByteArray(),
        String.valueOf(folder.getFileName()));
  }
}
