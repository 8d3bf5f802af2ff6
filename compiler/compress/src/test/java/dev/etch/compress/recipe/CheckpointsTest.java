// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.cluster.KMeans;
import dev.etch.compress.data.Augmentation;
import dev.etch.compress.data.Dataset;
import dev.etch.compress.data.Elements;
import dev.etch.compress.data.Normalization;
import dev.etch.compress.network.Architecture;
import dev.etch.compress.network.Network;
import dev.etch.compress.network.Parameters;
import dev.etch.compress.prune.Densities;
import dev.etch.compress.prune.KeptOfGroup;
import dev.etch.compress.quantize.Calibration;
import dev.etch.compress.quantize.QuantizationPlan;
import dev.etch.compress.training.CheckpointFolder;
import dev.etch.compress.training.Checkpoints;
import dev.etch.compress.training.Differentiator;
import dev.etch.compress.training.Items;
import dev.etch.compress.training.Labels;
import dev.etch.compress.training.LossCurve;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Optimizer;
import dev.etch.compress.training.Progress;
import dev.etch.compress.training.Schedule;
import dev.etch.compress.training.Trainer;
import dev.etch.compress.training.TrainingPlan;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is stopped goes on, and gives what one gives that is not. */
class CheckpointsTest {
  private static final int EPOCHS = 16;
  private static final int PER_EPOCH = 8;
  private static final TrainingPlan PLAN =
      new TrainingPlan(EPOCHS, 5, Optimizer.Kind.ADAM, 1e-2f, Schedule.COSINE, 0.01f);
  private static final TrainingPlan MOMENTUM =
      new TrainingPlan(EPOCHS, 5, Optimizer.Kind.MOMENTUM, 1e-3f, Schedule.COSINE, 0);

  @TempDir private Path folder;

  /** Draws parameters to numbers that follow from them and the batch. */
  private static final class Pull implements Differentiator {
    @Override
    public Gradients gradients(
        Network network,
        Parameters parameters,
        Parameters statistics,
        Batch batch,
        List<Target> targets,
        List<Hint> hints) {
      float mean = 0;
      for (float item : batch.items()) {
        mean += item / batch.items().length;
      }
      float shift = mean;
      return new Gradients(
          1 + mean,
          parameters.map(
              (name, values) -> {
                float[] gradient = new float[values.length];
                for (int i = 0; i < gradient.length; i++) {
                  gradient[i] = values[i] - (float) Math.sin(0.7 * i + shift);
                }
                return gradient;
              }),
          statistics.map((name, values) -> values.clone()));
    }

    @Override
    public float[] scores(Network network, Parameters parameters, Batch batch) {
      return new float[2 * batch.count()];
    }

    @Override
    public void close() {}
  }

  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Every kind of restriction that a training makes, or is given. */
  private static List<Step> steps() {
    return List.of(
        new Train(MOMENTUM),
        new Teach(3, 0.5f),
        new Surgery(Densities.of(0.8), 0.3, 0.6, PLAN),
        new DropPrune(Densities.of(0.7), 0.6, 0.5, 0.2, PLAN),
        new PrunePattern(new KeptOfGroup(2, 4), Map.of(), Set.of(), 0.5, MOMENTUM),
        new Prune(Densities.of(0.4), Prune.Scope.LAYER, 0.5, PLAN),
        new ShareSoftly(4, 0.5, 0.005, PLAN),
        new Cluster(3, Map.of(), KMeans.Start.LINEAR, MOMENTUM),
        new QuantizeWeights(QuantizationPlan.eightBits(Calibration.ofExtremes(8)), PLAN));
  }

  private static Dataset data() {
    byte[] bytes = new byte[4 * 5 * PER_EPOCH];
    new SplittableRandom(3).nextBytes(bytes);
    int[] labels = new int[bytes.length / 4];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % 2;
    }
    return new Dataset(Shape.of(1, 2, 2), new Elements.Bytes(bytes), labels);
  }

  private static Model run(Checkpoints checkpoints, Progress progress) {
    return run(checkpoints, progress, new ArrayList<>());
  }

  /** Adds how the losses fell to {@code curves}. */
  private static Model run(Checkpoints checkpoints, Progress progress, List<LossCurve> curves) {
    Dataset data = data();
    Network network = Architecture.LENET_300_100.build(data.item(), 2, 1);
    Items items =
        new Items(data, Normalization.TO_ONE, network.input().type().shape(), "made here");
    Trainer trainer =
        new Trainer(
            new Pull(),
            items,
            Augmentation.NONE,
            new Labels(data.labels(), 2),
            progress,
            checkpoints);
    Model model = Model.of(network);
    for (Step step : steps()) {
      model = step.apply(model, trainer, 7);
    }
    curves.addAll(trainer.curves());
    return model;
  }

  /** Is killed behind so many steps. */
  private static Progress killedBehind(int steps) {
    int[] left = {steps};
    return (task, done, total) -> {
      if (--left[0] == 0) {
        throw new Killed();
      }
    };
  }

  private CheckpointFolder open(Path path) throws IOException {
    return CheckpointFolder.open(path, Map.of("--seed", "7"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void whatIsKilledGivesTheSameInTheEnd(long seed) throws IOException {
    List<LossCurve> curves = new ArrayList<>();
    Model whole = run(Checkpoints.NONE, Progress.NONE, curves);
    assertEquals(8, curves.size());
    assertTrue(curves.stream().allMatch(curve -> curve.means().size() > 1), curves.toString());
    SplittableRandom random = new SplittableRandom(seed);
    List<String> lines = new ArrayList<>();
    for (int kill = 0; kill < 5; kill++) {
      int behind = random.nextInt(1, 2 * EPOCHS * PER_EPOCH);
      try (CheckpointFolder open = open(folder)) {
        run(Checkpoints.in(open, line -> {}), killedBehind(behind));
      } catch (Killed e) {
        // What is tested.
      }
    }
    try (CheckpointFolder open = open(folder)) {
      List<LossCurve> again = new ArrayList<>();
      Model resumed = run(Checkpoints.in(open, lines::add), Progress.NONE, again);
      assertEquals(curves, again);
      assertEquals(
          whole.restrictions().byName().keySet(), resumed.restrictions().byName().keySet());
      for (String name : whole.network().parameters().names()) {
        assertArrayEquals(
            whole.network().parameters().get(name), resumed.network().parameters().get(name), name);
        assertEquals(
            whole.restrictions().of(name).stream().map(Object::getClass).toList(),
            resumed.restrictions().of(name).stream().map(Object::getClass).toList());
      }
    }
    assertTrue(lines.size() >= 2, lines.toString());
  }

  @Test
  void checkpointsOfAnotherRunAreRefused() throws IOException {
    open(folder).close();
    assertRefused(
        Map.of("--seed", "8"),
        folder + ": error: has checkpoints of another run: --seed was 7, and is 8");
    assertRefused(Map.of(), "--seed was 7, and is none");
  }

  private void assertRefused(Map<String, String> run, String message) {
    DiagnosticException e =
        assertThrows(DiagnosticException.class, () -> CheckpointFolder.open(folder, run));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void aFolderOfSomethingElseIsRefused() throws IOException {
    Files.writeString(folder.resolve("letter.txt"), "Dear reader");
    assertRefused(Map.of(), "holds other files");
    assertEquals(1, folder.toFile().list().length);
  }

  @Test
  void aFolderIsUsedByOneRunAtATime() throws IOException {
    try (CheckpointFolder open = open(folder)) {
      assertRefused(Map.of("--seed", "7"), "is used by another run");
    }
    open(folder).close();
  }

  @Test
  void damageIsFound() throws IOException {
    try (CheckpointFolder open = open(folder)) {
      assertThrows(
          Killed.class, () -> run(Checkpoints.in(open, line -> {}), killedBehind(2 * PER_EPOCH)));
    }
    Path file = folder.resolve("training-1");
    byte[] bytes = Files.readAllBytes(file);
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 50; i++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, i % 2 == 0 ? damaged : Arrays.copyOf(bytes, i));
      try (CheckpointFolder open = open(folder)) {
        DiagnosticException e =
            assertThrows(
                DiagnosticException.class,
                () -> run(Checkpoints.in(open, line -> {}), Progress.NONE));
        assertTrue(e.getMessage().contains("training-1: error: is damaged"), e.getMessage());
      }
    }
  }

  /** As if another recipe's file lay there. */
  @Test
  void aStateOfAnotherTrainingIsRefused() throws IOException {
    try (CheckpointFolder open = open(folder)) {
      assertThrows(
          Killed.class,
          () ->
              run(
                  Checkpoints.in(open, line -> {}),
                  killedBehind(EPOCHS * PER_EPOCH + 2 * PER_EPOCH)));
    }
    Files.copy(
        folder.resolve("training-2"),
        folder.resolve("training-1"),
        StandardCopyOption.REPLACE_EXISTING);
    try (CheckpointFolder open = open(folder)) {
      DiagnosticException e =
          assertThrows(
              DiagnosticException.class,
              () -> run(Checkpoints.in(open, line -> {}), Progress.NONE));
      assertTrue(e.getMessage().contains("is of another training"), e.getMessage());
    }
  }
}
