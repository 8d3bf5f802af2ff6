// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import dev.etch.lower.ExactArithmetic;
import dev.etch.lower.Plan;
import dev.etch.optimize.StandardPasses;
import dev.etch.schedule.Scheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Well-known shapes of networks come in, and every layer of theirs has a hardware form. */
class ModelZooTest {
  private static final Map<String, Supplier<byte[]>> SMALL =
      new LinkedHashMap<>(
          Map.of(
              "mobilenet_v1", () -> ModelZoo.mobileNetV1(32, 4, 5),
              "mobilenet_v2", () -> ModelZoo.mobileNetV2(32, 1, 5),
              "efficientnet_lite", () -> ModelZoo.efficientNet(32, 1, false, 5),
              "efficientnet", () -> ModelZoo.efficientNet(32, 1, true, 5),
              "audio", () -> ModelZoo.audio(200, 8, 4),
              "unet", () -> ModelZoo.uNet(16, 4, 2)));

  private static final Map<String, Supplier<byte[]>> LARGE =
      Map.of(
          "mobilenet_v1_224", () -> ModelZoo.mobileNetV1(224, 32, 1001),
          "mobilenet_v2_224", () -> ModelZoo.mobileNetV2(224, 8, 1001),
          "efficientnet_lite_224", () -> ModelZoo.efficientNet(224, 8, false, 1000),
          "efficientnet_96", () -> ModelZoo.efficientNet(96, 4, true, 10),
          "audio_16000", () -> ModelZoo.audio(16000, 64, 35),
          "unet_128", () -> ModelZoo.uNet(128, 16, 4));

  static List<String> small() {
    return SMALL.keySet().stream().sorted().toList();
  }

  @ParameterizedTest
  @MethodSource("small")
  void everyLayerHasHardware(String name) {
    Graph graph = TestRun.read(SMALL.get(name).get());
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    PartitionedModel model = StandardPasses.prepare(graph, diagnostics);
    Plan plan = Scheduler.plan(model, ExactArithmetic::analyze, diagnostics);
    assertEquals(List.of(), diagnostics.diagnostics());
    assertEquals(model, plan.model());
  }

  /** Writes all models to the folder {@code -Detch.zoo}, to try them by hand. */
  @Test
  void writesModels() throws IOException {
    String folder = System.getProperty("etch.zoo");
    Assumptions.assumeTrue(folder != null, "set -Detch.zoo to a folder to write the models there");
    for (Map<String, Supplier<byte[]>> models : List.of(SMALL, LARGE)) {
      for (Map.Entry<String, Supplier<byte[]>> entry : models.entrySet()) {
        Files.write(Path.of(folder, entry.getKey() + ".tflite"), entry.getValue().get());
      }
    }
  }
}
