// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.graph.Graph;
import dev.etch.importer.TfliteKernels;
import dev.etch.reference.Interpreter;
import dev.etch.reference.RawTensorFile;
import dev.etch.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small models of one operator each, and what TFLite's own reference kernels make of random inputs:
 * equal byte by byte. {@code testbench/models/tflite-vectors/make_vectors.py} makes them.
 */
class ReferenceKernelVectorsTest {
  private static final int LEAST_OPERATORS = 69;

  /** What LiteRT 2.3 makes of it, where that differs from TFLite 2.14. */
  private static final String CURRENT = "out-current.bin";

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> everyOperatorIsTflites() throws IOException {
    TreeMap<String, List<Path>> operators = new TreeMap<>();
    extract()
        .forEach(
            model ->
                operators.merge(
                    model.getFileName().toString().replaceFirst("-\\d+$", ""),
                    List.of(model),
                    (a, b) -> Stream.concat(a.stream(), b.stream()).toList()));
    assertTrue(operators.size() >= LEAST_OPERATORS, operators.keySet()::toString);
    return operators.entrySet().stream()
        .map(
            operator ->
                DynamicTest.dynamicTest(
                    operator.getKey() + ", " + operator.getValue().size() + " models",
                    () -> {
                      for (Path model : operator.getValue()) {
                        check(model);
                      }
                    }));
  }

  private List<Path> extract() throws IOException {
    Path archive =
        Path.of(System.getProperty("etch.root"), "testbench/models/tflite-vectors/vectors.zip");
    try (FileSystem zip = FileSystems.newFileSystem(archive);
        Stream<Path> models = Files.list(zip.getPath("/"))) {
      List<Path> extracted = new java.util.ArrayList<>();
      for (Path model : models.sorted().toList()) {
        Path target = Files.createDirectory(folder.resolve(model.getFileName().toString()));
        for (String file : List.of("model.tflite", "in.bin", "out.bin", CURRENT)) {
          if (Files.exists(model.resolve(file))) {
            Files.copy(model.resolve(file), target.resolve(file));
          }
        }
        extracted.add(target);
      }
      return extracted;
    }
  }

  private static void check(Path model) throws IOException {
    Path current = model.resolve(CURRENT);
    Path older = model.resolve("out.bin");
    check(model, TfliteKernels.RELEASE_2_14, older);
    check(model, TfliteKernels.CURRENT, Files.exists(current) ? current : older);
  }

  private static void check(Path model, TfliteKernels kernels, Path expected) throws IOException {
    Graph graph = TestRun.read(Files.readAllBytes(model.resolve("model.tflite")), kernels);
    assertEquals(1, graph.inputs().size());
    Interpreter interpreter = new Interpreter(graph);
    ByteArrayOutputStream results = new ByteArrayOutputStream();
    for (Tensor frame : RawTensorFile.read(model.resolve("in.bin"), graph.inputs().get(0).type())) {
      results.write(RawTensorFile.encode(interpreter.run(List.of(frame)).get(0)));
    }
    assertArrayEquals(
        Files.readAllBytes(expected),
        results.toByteArray(),
        model.getFileName() + " with the kernels of " + kernels.releases());
  }
}
