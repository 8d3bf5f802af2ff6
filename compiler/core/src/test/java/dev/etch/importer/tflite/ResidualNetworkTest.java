// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole network that TensorFlow Lite quantized, and what the reference kernels of LiteRT 2.3 make
 * of uniform, smooth, extreme and real inputs: equal byte by byte. {@code
 * testbench/models/residual/train.py} makes both.
 */
class ResidualNetworkTest {
  private static final int FRAMES = 400;
  @TempDir private Path folder;

  @Test
  void aResidualNetworkIsLiteRts() throws IOException {
    Path models = Path.of(System.getProperty("etch.root"), "testbench/models/residual");
    Path inputs = folder.resolve("in.bin");
    byte[] expected;
    try (FileSystem zip = FileSystems.newFileSystem(models.resolve("vectors.zip"))) {
      Files.copy(zip.getPath("in.bin"), inputs);
      expected = Files.readAllBytes(zip.getPath("out.bin"));
    }
    Graph graph =
        TestRun.read(Files.readAllBytes(models.resolve("residual.tflite")), TfliteKernels.CURRENT);
    List<Tensor> frames = RawTensorFile.read(inputs, graph.inputs().get(0).type());
    assertEquals(FRAMES, frames.size());
    Interpreter interpreter = new Interpreter(graph);
    ByteArrayOutputStream results = new ByteArrayOutputStream();
    for (Tensor frame : frames) {
      results.write(RawTensorFile.encode(interpreter.run(List.of(frame)).get(0)));
    }
    assertArrayEquals(expected, results.toByteArray());
  }
}
