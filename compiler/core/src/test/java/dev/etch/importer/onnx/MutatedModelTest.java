// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.Graph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged models give a graph or diagnostics: nothing else is thrown, in bounded time, and nothing
 * is written. System properties: {@code etch.mutations} how many, {@code etch.seed} of the choice.
 */
class MutatedModelTest {
  private static final int MUTATIONS = Integer.getInteger("etch.mutations", 150);
  private static final long SEED = Long.getLong("etch.seed", 20_261_121L);
  private static final long MOST_SECONDS = 5;

  @TempDir private Path folder;

  private final Map<String, Integer> outcomes = new TreeMap<>();

  @Test
  void graphOrDiagnostics() throws IOException {
    System.out.println("mutated models: seed " + SEED + ", " + MUTATIONS + " mutations");
    Files.write(folder.resolve("secret.bin"), new byte[] {0, 0, (byte) 0x80, 0x3f});
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.createSymbolicLink(inner.resolve("link.bin"), folder.resolve("secret.bin"));
    List<byte[]> models = models();
    Random random = new Random(SEED);
    ModelMutator mutator = new ModelMutator(random);
    for (int i = 0; i < MUTATIONS; i++) {
      ModelMutator.Mutant mutant = mutator.mutate(models.get(random.nextInt(models.size())));
      check(inner, mutant, "mutation " + i + " of seed " + SEED + ": " + mutant.what());
    }
    System.out.println("mutated models: " + outcomes);
    assertEquals(List.of("inner", "link.bin", "model.onnx", "secret.bin"), files());
  }

  private void check(Path inner, ModelMutator.Mutant mutant, String what) throws IOException {
    Path file = Files.write(inner.resolve("model.onnx"), mutant.bytes());
    long start = System.nanoTime();
    String outcome = outcome(file, what);
    long seconds = (System.nanoTime() - start) / 1_000_000_000;
    assertTrue(seconds < MOST_SECONDS, what + " took " + seconds + " s");
    assertTrue(!mutant.mustBeRefused() || outcome.equals("refused"), what + " was accepted");
    outcomes.merge(mutant.what() + " " + outcome, 1, Integer::sum);
  }

  private static String outcome(Path file, String what) {
    try {
      Graph graph = OnnxImporter.read(file, new DiagnosticCollector());
      assertTrue(!graph.outputs().isEmpty(), what);
      return "read";
    } catch (DiagnosticException e) {
      assertTrue(!e.diagnostics().isEmpty(), what);
      assertTrue(
          e.getMessage().chars().noneMatch(c -> Character.isISOControl(c) && c != '\n'),
          () -> what + " prints control characters: " + e.getMessage());
      return "refused";
    } catch (RuntimeException | Error e) {
      throw new AssertionError(what + " throws " + e, e);
    }
  }

  private static List<byte[]> models() throws IOException {
    List<byte[]> models = new ArrayList<>();
    for (TestModel model :
        List.of(
            SampleModels.convolution(),
            SampleModels.codebook(),
            SampleModels.quantizedConvolution(),
            SampleModels.sparse())) {
      models.add(model.build().toByteArray());
    }
    String shared = System.getenv("ETCH_SHARED");
    Path root =
        shared == null ? Path.of(System.getProperty("etch.root"), "..", "shared") : Path.of(shared);
    for (String name : List.of("resnet", "deep_autoencoder")) {
      Path file = root.resolve("models/onnx-qdq/" + name + ".onnx");
      // More material where it is at hand; the small models are enough.
      if (Files.exists(file)) {
        models.add(Files.readAllBytes(file));
      }
    }
    return models;
  }

  private List<String> files() throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths
          .filter(p -> !p.equals(folder))
          .map(p -> p.getFileName().toString())
          .sorted()
          .toList();
    }
  }
}
