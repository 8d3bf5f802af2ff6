// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.cluster.KMeans;
import dev.etch.compress.cluster.SharedValues;
import dev.etch.compress.data.Augmentation;
import dev.etch.compress.data.DataFiles;
import dev.etch.compress.data.Dataset;
import dev.etch.compress.data.Elements;
import dev.etch.compress.data.Normalization;
import dev.etch.compress.network.Architecture;
import dev.etch.compress.network.Network;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.compress.prune.Densities;
import dev.etch.compress.prune.Mask;
import dev.etch.compress.quantize.Calibration;
import dev.etch.compress.quantize.QuantizationPlan;
import dev.etch.compress.quantize.WeightScale;
import dev.etch.compress.training.Items;
import dev.etch.compress.training.Labels;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Optimizer;
import dev.etch.compress.training.Progress;
import dev.etch.compress.training.Schedule;
import dev.etch.compress.training.Trainer;
import dev.etch.compress.training.TrainingPlan;
import dev.etch.compress.training.pytorch.PyTorch;
import dev.etch.compressed.SparseCode;
import dev.etch.importer.SharedModels;
import dev.etch.text.GraphPrinter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Recipes on a part of MNIST's test images: what is trained on is not what is measured with. */
class CompressionTest {
  private static final TrainingPlan SHORT =
      new TrainingPlan(3, 50, Optimizer.Kind.ADAM, 2e-3f, Schedule.COSINE, 0);

  private static PyTorch pytorch;
  private static Dataset train;
  private static Dataset test;

  @BeforeAll
  static void open() {
    // Open before images are asked for: what is skipped is closed, too.
    pytorch = PyTorch.open();
    Path images = SharedModels.require("mnist").resolve("t10k-images-idx3-ubyte.gz");
    Dataset all = DataFiles.read(images, Optional.empty());
    train = part(all, 5000, 9500);
    test = part(all, 9500, 10_000);
  }

  private static Dataset part(Dataset all, int from, int to) {
    byte[] pixels = ((Elements.Bytes) all.elements()).data();
    int size = all.item().elements();
    return new Dataset(
        all.item(),
        new Elements.Bytes(Arrays.copyOfRange(pixels, from * size, to * size)),
        Arrays.copyOfRange(all.labels(), from, to));
  }

  @AfterAll
  static void close() {
    pytorch.close();
  }

  private static List<StepResult> run(Architecture architecture, long seed, Step... steps) {
    Network network = architecture.build(train.item(), 10, seed);
    Items items = items(train, network);
    Trainer trainer =
        new Trainer(
            pytorch, items, Augmentation.NONE, new Labels(train.labels(), 10), Progress.NONE);
    List<StepResult> results = new ArrayList<>();
    QuantizationPlan plan = QuantizationPlan.eightBits(Calibration.ofExtremes(100));
    new Compression(trainer, Optional.of(items(test, network)), plan, 1, Progress.NONE)
        .run(Model.of(network), List.of(steps), seed, results::add);
    return results;
  }

  private static Items items(Dataset data, Network network) {
    return new Items(data, Normalization.TO_ONE, network.input().type().shape(), "mnist");
  }

  private static Step prune(double density) {
    return new Prune(Densities.of(density), Prune.Scope.LAYER, 0.5, SHORT);
  }

  private static Step cluster(int values) {
    return new Cluster(values, Map.of(), KMeans.Start.LINEAR, SHORT);
  }

  @Test
  void masksAndSharedValuesSurviveEveryLaterStep() {
    List<StepResult> results =
        run(
            Architecture.LENET_300_100,
            1,
            new Train(SHORT),
            prune(0.1),
            cluster(7),
            new Train(SHORT));
    StepResult last = results.get(4);
    Model model = last.model();
    for (WeightedLayer layer : model.network().layers()) {
      float[] weights = model.network().parameters().get(layer.weights());
      Mask mask = model.restrictions().find(layer.weights(), Mask.class).orElseThrow();
      assertEquals(Math.round(0.1 * layer.size()), mask.count());
      for (int i = 0; i < weights.length; i++) {
        assertTrue(mask.kept()[i] || weights[i] == 0);
      }
      SharedValues shared =
          model.restrictions().find(layer.weights(), SharedValues.class).orElseThrow();
      assertTrue(shared.count() <= 7);
    }
    last.size().layers().forEach(layer -> assertTrue(layer.code().values() <= 8));
    assertTrue(share(results.get(1)) > 0.85, results.get(1).accuracy().toString());
    assertTrue(share(last) > 0.85, last.accuracy().toString());
    assertEquals(last.floatAccuracy().orElseThrow(), share(last), 0.01);
    assertTrue(last.size().bytes() * 4 < results.get(1).size().bytes());
  }

  private static double share(StepResult result) {
    return result.accuracy().orElseThrow().share();
  }

  @Test
  void surgeryOnConvolutions() {
    Step surgery = new Surgery(Densities.of(0.2), 0.3, 0.6, SHORT);
    List<StepResult> results = run(Architecture.LENET_5, 2, new Train(SHORT), surgery);
    StepResult last = results.get(2);
    assertTrue(last.size().kept() <= 0.2 * last.size().weights() + 4);
    assertTrue(share(last) > 0.85, last.accuracy().toString());
  }

  /** Trained through the rounding, two bits are worth more than rounded behind the training. */
  @Test
  void weightsOfTwoBitsAreTrained() {
    QuantizationPlan two =
        new QuantizationPlan(
            2,
            Map.of("ip3", 4),
            true,
            WeightScale.SQUARED_ERROR,
            8,
            false,
            Calibration.ofExtremes(1));
    List<StepResult> results =
        run(Architecture.LENET_300_100, 4, new Train(SHORT), new QuantizeWeights(two, SHORT));
    StepResult last = results.get(2);
    last.size()
        .layers()
        .forEach(
            layer -> assertTrue(layer.code().values() <= (layer.name().equals("ip3") ? 15 : 3)));
    assertTrue(share(last) > 0.85, last.accuracy().toString());
    assertTrue(last.size().bytes() * 2 < results.get(1).size().bytes());
  }

  @Test
  void globalPruningKeepsMoreOfSmallLayers() {
    Step global = new Prune(Densities.of(0.1), Prune.Scope.GLOBAL, 0, SHORT);
    StepResult last = run(Architecture.LENET_300_100, 3, new Train(SHORT), global).get(2);
    assertEquals(0.1, (double) last.size().kept() / last.size().weights(), 0.001);
    double first = last.size().layers().get(0).density();
    assertTrue(last.size().layers().get(2).density() > 2 * first);
  }

  /** The same recipe, data and seed give the same bytes, another seed others. */
  @Test
  void resultsAreReproducible() {
    Step[] steps = {new Train(TrainingPlan.adam(1, 1e-3f)), cluster(4)};
    String first = text(run(Architecture.LENET_300_100, 5, steps));
    assertEquals(first, text(run(Architecture.LENET_300_100, 5, steps)));
    assertNotEquals(first, text(run(Architecture.LENET_300_100, 6, steps)));
  }

  private static String text(List<StepResult> results) {
    return GraphPrinter.print(results.get(results.size() - 1).quantized());
  }

  /** What is counted for a layer is what its weights are decoded from. */
  @Test
  void sizesAreThoseOfBytesThatHoldTheWeights() {
    StepResult last = run(Architecture.LENET_300_100, 7, prune(0.2)).get(1);
    last.size()
        .layers()
        .forEach(
            layer -> {
              int[] weights = SparseCode.decode(layer.code().bytes(), layer.weights());
              long kept = Arrays.stream(weights).filter(weight -> weight != 0).count();
              assertEquals(layer.kept(), kept);
            });
  }
}
