// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The models that {@code etch bench} measures if none is given. */
final class BenchModels {
  private BenchModels() {}

  /** The sample models; then every ONNX and TensorFlow Lite file in the shared folder, by path. */
  static List<Path> atHand() throws IOException {
    Path samples = Workspace.root().resolve("testbench/models/lenet5-fashion");
    List<Path> models =
        new ArrayList<>(
            List.of(samples.resolve("lenet5.onnx"), samples.resolve("lenet5-dense.onnx")));
    Path shared = shared().resolve("models");
    if (Files.isDirectory(shared)) {
      try (Stream<Path> files = Files.walk(shared)) {
        files.filter(BenchModels::isModel).sorted().forEach(models::add);
      }
    }
    return models;
  }

  private static Path shared() {
    return Optional.ofNullable(System.getenv("ETCH_SHARED"))
        .map(Path::of)
        .orElseGet(() -> Workspace.root().resolve("../shared"));
  }

  private static boolean isModel(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return Files.isRegularFile(file) && (name.endsWith(".onnx") || name.endsWith(".tflite"));
  }
}
