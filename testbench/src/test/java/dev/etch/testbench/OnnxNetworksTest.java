// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import dev.etch.importer.onnx.OnnxImporter;
import dev.etch.optimize.StandardPasses;
import dev.etch.reference.Interpreter;
import dev.etch.reference.RawTensorFile;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Networks with smooth functions, products, splits and resizing, as ONNX Runtime's own tool
 * quantizes them: the reference gives ONNX Runtime's bytes, and the simulated Verilog the
 * reference's.
 */
class OnnxNetworksTest {
  private static final int MULTIPLIERS = 16;
  private static final Path ARCHIVE =
      Path.of(System.getProperty("etch.root"), "testbench/models/onnx-vectors/vectors.zip");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {9, 16})
  void verilogIsEqual(int network) throws IOException {
    verify(network);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 5, 6, 7, 8, 13, 17, 19, 21, 23})
  @Tag("slow")
  void verilogOfOthersIsEqual(int network) throws IOException {
    verify(network);
  }

  private void verify(int network) throws IOException {
    extract("network-" + network);
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    Graph graph = OnnxImporter.read(folder.resolve("model.onnx"), diagnostics);
    PartitionedModel model = StandardPasses.prepare(graph, diagnostics);
    List<IntegerTensor> frames = new ArrayList<>();
    ByteArrayOutputStream results = new ByteArrayOutputStream();
    for (Tensor input :
        RawTensorFile.read(folder.resolve("in.bin"), graph.inputs().get(0).type())) {
      frames.add((IntegerTensor) run(model.before(), input));
      Tensor output = run(model.accelerator(), frames.get(frames.size() - 1));
      results.write(RawTensorFile.encode(run(model.after(), output)));
    }
    assertArrayEquals(Files.readAllBytes(folder.resolve("out.bin")), results.toByteArray());
    ScheduledDesign design = TestCompiler.compile(model, MULTIPLIERS, folder);
    VerifyOptions options =
        VerifyOptions.standard(folder).withPredicted(TestCompiler.predicted(design));
    VerifyResult result =
        new Verifier(design.lowered(), folder, options)
            .verify(frames.size(), frames::get, (done, total) -> {});
    assertTrue(result.bitsEqual(), () -> result.firstMismatch() + "\n" + result.divergence());
    assertEquals(options.predicted(), result.measured());
  }

  private static Tensor run(Graph part, Tensor frame) {
    return new Interpreter(part).run(List.of(frame)).get(0);
  }

  private void extract(String name) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(ARCHIVE)) {
      for (String file : List.of("model.onnx", "in.bin", "out.bin")) {
        Files.copy(zip.getPath("/").resolve(name).resolve(file), folder.resolve(file));
      }
    }
  }
}
