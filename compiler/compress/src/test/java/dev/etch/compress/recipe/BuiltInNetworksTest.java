// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.data.Augmentation;
import dev.etch.compress.data.Dataset;
import dev.etch.compress.data.Elements;
import dev.etch.compress.data.Normalization;
import dev.etch.compress.network.Architecture;
import dev.etch.compress.network.Network;
import dev.etch.compress.network.WeightedLayer;
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
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.MultiplyAccumulates;
import dev.etch.op.BatchNormalization;
import dev.etch.optimize.StandardPasses;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Built-in architectures: their sizes, a few steps of training, and what quantization makes. */
class BuiltInNetworksTest {
  private static final int CLASSES = 3;
  private static final int ITEMS = 48;
  private static PyTorch pytorch;

  @BeforeAll
  static void open() {
    pytorch = PyTorch.open();
  }

  @AfterAll
  static void close() {
    pytorch.close();
  }

  /** As many products as the networks of MLPerf Tiny have, which are the same but for VGG. */
  @ParameterizedTest
  @CsvSource({
    "RESNET_8, 3, 32, 32, 10, 77360, 12501632",
    "DS_CNN, 1, 49, 10, 12, 22016, 2656768",
    "MOBILENET_V1_025, 3, 96, 96, 2, 208112, 7489664",
    "VGG_8, 3, 32, 32, 10, 3246784, 154866688"
  })
  void theyHaveTheSizesOfTheirPapers(
      Architecture architecture,
      int channels,
      int height,
      int width,
      int classes,
      int weights,
      long products) {
    Network network = architecture.build(Shape.of(channels, height, width), classes, 1);
    assertEquals(weights, network.layers().stream().mapToInt(WeightedLayer::size).sum());
    assertEquals(products, MultiplyAccumulates.of(network.graph()).all());
    assertEquals(classes, network.scores().type().shape().dimension(-1));
  }

  /** MobileNet, which needs more steps than a test has, is trained from the command line only. */
  @ParameterizedTest
  @CsvSource({"RESNET_8, 3, 8, 8, 8", "DS_CNN, 1, 12, 6, 8", "VGG_8, 3, 8, 8, 3"})
  void theyAreTrainedAndQuantized(
      Architecture architecture, int channels, int height, int width, int epochs) {
    Dataset data = stripes(Shape.of(channels, height, width));
    Network network = architecture.build(data.item(), CLASSES, 1);
    assertFalse(network.statistics().names().isEmpty());
    Items items = items(data, network);
    Trainer trainer =
        new Trainer(
            pytorch, items, Augmentation.NONE, new Labels(data.labels(), CLASSES), Progress.NONE);
    QuantizationPlan plan =
        new QuantizationPlan(
            8, Map.of(), true, WeightScale.LARGEST, 8, false, Calibration.ofExtremes(ITEMS));
    TrainingPlan training =
        new TrainingPlan(epochs, 12, Optimizer.Kind.ADAM, 2e-3f, Schedule.COSINE, 0);
    StepResult[] last = new StepResult[1];
    Model model =
        new Compression(trainer, Optional.of(items), plan, 1, Progress.NONE)
            .run(
                Model.of(network),
                List.of(new Train(training), new Fold()),
                1,
                result -> last[0] = result);
    assertTrue(
        model.network().nodes().stream().noneMatch(n -> n.op() instanceof BatchNormalization));
    assertTrue(last[0].title().equals("fold"), last[0].title());
    double error = error(model, last[0], data);
    assertTrue(error < 0.1, architecture + ": " + error);
    // Stripes are told apart by anything that learns.
    assertTrue(last[0].accuracy().orElseThrow().share() > 0.8, last[0].accuracy().toString());
  }

  @Test
  void theyTakeImagesOnly() {
    DiagnosticException e =
        assertThrows(
            DiagnosticException.class, () -> Architecture.RESNET_8.build(Shape.of(64), 2, 1));
    assertTrue(e.getMessage().contains("takes images"), e.getMessage());
  }

  /** The largest difference of integer and float scores, of the largest score. */
  private static double error(Model model, StepResult result, Dataset data) {
    Items items = items(data, model.network());
    Interpreter floats = new Interpreter(model.network().graph());
    Interpreter integers =
        new Interpreter(
            StandardPasses.prepare(result.quantized(), new DiagnosticCollector()).whole());
    double largest = 0;
    double error = 0;
    for (int item = 0; item < ITEMS; item++) {
      float[] expected =
          ((FloatTensor)
                  floats
                      .run(
                          List.of(
                              new FloatTensor(model.network().input().type(), items.item(item))))
                      .get(0))
              .data();
      float[] actual =
          ((FloatTensor)
                  integers
                      .run(
                          List.of(
                              new IntegerTensor(
                                  result.quantized().inputs().get(0).type(), items.bytes(item))))
                      .get(0))
              .data();
      for (int i = 0; i < expected.length; i++) {
        largest = Math.max(largest, Math.abs(expected[i]));
        error = Math.max(error, Math.abs(expected[i] - actual[i]));
      }
    }
    return error / largest;
  }

  private static Items items(Dataset data, Network network) {
    return new Items(data, Normalization.TO_ONE, network.input().type().shape(), "stripes");
  }

  /** Images with noise, of which every third row from that of the label on is bright. */
  private static Dataset stripes(Shape item) {
    SplittableRandom random = new SplittableRandom(2);
    byte[] bytes = new byte[ITEMS * item.elements()];
    int[] labels = new int[ITEMS];
    Arrays.setAll(labels, i -> i % CLASSES);
    for (int i = 0; i < bytes.length; i++) {
      int row = i / item.dimension(2) % item.dimension(1);
      boolean bright = row % CLASSES == labels[i / item.elements()];
      bytes[i] = (byte) ((bright ? 150 : 0) + random.nextInt(100));
    }
    return new Dataset(item, new Elements.Bytes(bytes), labels);
  }
}
