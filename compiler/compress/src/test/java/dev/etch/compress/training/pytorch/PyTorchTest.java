// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training.pytorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.network.Network;
import dev.etch.compress.network.Parameters;
import dev.etch.compress.network.RandomNetwork;
import dev.etch.compress.training.Differentiator;
import dev.etch.compress.training.Differentiator.Batch;
import dev.etch.compress.training.Differentiator.Gradients;
import dev.etch.compress.training.Differentiator.Target;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** PyTorch computes what Etch's operators say, and its gradients are those of differences. */
class PyTorchTest {
  private static final int BATCH = 3;
  private static PyTorch pytorch;

  @BeforeAll
  static void open() {
    pytorch = PyTorch.open();
  }

  @AfterAll
  static void close() {
    pytorch.close();
  }

  /** Two convolutions, one of them by channel, in both layouts, with all that is around them. */
  private static Network firstNetwork() {
    return network(
        """
        graph "first"
        input %x : float32[1, 2, 6, 7]
        %w1 = constant() {weights = DenseWeights{tensor = float32[4, 2, 3, 3] #72}} : float32[4, 2, 3, 3]
        %b1 = constant() {weights = DenseWeights{tensor = float32[4] #4}} : float32[4]
        %c1 = conv2d(%x, %w1, %b1) {window = Window{kernelHeight = 3, kernelWidth = 3, strideHeight = 1, strideWidth = 2, dilationHeight = 1, dilationWidth = 1, padTop = 1, padLeft = 0, padBottom = 0, padRight = 1}, layout = NCHW, groups = 1} : float32[1, 4, 5, 3]
        %s = constant() {weights = DenseWeights{tensor = float32[4] [1.5, 0.5, -1.0, 2.0]}} : float32[4]
        %o = constant() {weights = DenseWeights{tensor = float32[4] [0.1, 0.2, 0.3, 0.4]}} : float32[4]
        %m = constant() {weights = DenseWeights{tensor = float32[4] [0.5, -0.5, 0.25, 0.0]}} : float32[4]
        %v = constant() {weights = DenseWeights{tensor = float32[4] [1.0, 2.0, 0.5, 0.25]}} : float32[4]
        %n = batchNormalization(%c1, %s, %o, %m, %v) {epsilon = 0.001, channelAxis = 1} : float32[1, 4, 5, 3]
        %r = relu(%n) : float32[1, 4, 5, 3]
        %t = transpose(%r) {permutation = [0, 2, 3, 1]} : float32[1, 5, 3, 4]
        %w2 = constant() {weights = DenseWeights{tensor = float32[4, 1, 3, 3] #36}} : float32[4, 1, 3, 3]
        %c2 = conv2d(%t, %w2) {window = Window{kernelHeight = 3, kernelWidth = 3, strideHeight = 1, strideWidth = 1, dilationHeight = 1, dilationWidth = 1, padTop = 1, padLeft = 1, padBottom = 1, padRight = 1}, layout = NHWC, groups = 4} : float32[1, 5, 3, 4]
        %a = add(%t, %c2) : float32[1, 5, 3, 4]
        %k = clip(%a) {minimum = 0.0, maximum = 6.0} : float32[1, 5, 3, 4]
        %g = reduceMean2d(%k) {layout = NHWC} : float32[1, 1, 1, 4]
        %f = reshape(%g) {shape = [1, 4]} : float32[1, 4]
        %w3 = constant() {weights = DenseWeights{tensor = float32[3, 4] #12}} : float32[3, 4]
        %d = dense(%f, %w3) : float32[1, 3]
        %p = softmax(%d) {axis = 1} : float32[1, 3]
        output %p
        """);
  }

  private static Network secondNetwork() {
    return network(
        """
        graph "second"
        input %x : float32[1, 2, 5, 5]
        %q = quantize(%x) {quantization = Quantization{type = int8, scales = [0.02], zeroPoints = [3], axis = 0}} : int8[1, 2, 5, 5]
        %u = dequantize(%q) {quantization = Quantization{type = int8, scales = [0.02], zeroPoints = [3], axis = 0}} : float32[1, 2, 5, 5]
        %z = pad(%u) {before = [0, 0, 1, 0], after = [0, 0, 0, 2], value = 0.5} : float32[1, 2, 6, 7]
        %m = maxPool2d(%z) {window = Window{kernelHeight = 2, kernelWidth = 3, strideHeight = 2, strideWidth = 1, dilationHeight = 1, dilationWidth = 1, padTop = 0, padLeft = 1, padBottom = 1, padRight = 0}, layout = NCHW} : float32[1, 2, 3, 6]
        %a = averagePool2d(%m) {window = Window{kernelHeight = 2, kernelWidth = 2, strideHeight = 1, strideWidth = 1, dilationHeight = 1, dilationWidth = 1, padTop = 1, padLeft = 0, padBottom = 0, padRight = 1}, layout = NCHW, global = false, countPadding = false} : float32[1, 2, 3, 6]
        %f = reshape(%a) {shape = [1, 36]} : float32[1, 36]
        %w = constant() {weights = DenseWeights{tensor = float32[4, 36] #144}} : float32[4, 36]
        %b = constant() {weights = DenseWeights{tensor = float32[4] #4}} : float32[4]
        %d = dense(%f, %w, %b) : float32[1, 4]
        %y = multiply(%d, %b) : float32[1, 4]
        output %y
        """);
  }

  private static Network network(String text) {
    return RandomNetwork.parse(text, 5);
  }

  @Test
  void scoresAreThoseOfTheReference() {
    for (Network network : List.of(firstNetwork(), secondNetwork())) {
      PyTorch.check(network);
      Batch batch = random(network);
      float[] scores = pytorch.scores(network, new Parameters(Map.of()), batch);
      Interpreter reference = new Interpreter(network.graph());
      int size = batch.items().length / BATCH;
      int classes = scores.length / BATCH;
      for (int i = 0; i < BATCH; i++) {
        float[] item = Arrays.copyOfRange(batch.items(), i * size, (i + 1) * size);
        Shape shape = network.input().type().shape();
        var values = reference.runAll(List.of(FloatTensor.of(shape, item)));
        assertArrayEquals(
            ((FloatTensor) values.get(network.scores())).data(),
            Arrays.copyOfRange(scores, i * classes, (i + 1) * classes),
            2e-5f,
            network.graph().name());
      }
    }
  }

  @Test
  void gradientsAreThoseOfDifferences() {
    Network network = firstNetwork();
    Batch batch = random(network);
    Parameters parameters = network.parameters();
    Gradients gradients =
        pytorch.gradients(network, parameters, new Parameters(Map.of()), batch, targets());
    double step = 1e-3;
    int checked = 0;
    for (String name : parameters.names()) {
      for (int i = 0; i < parameters.get(name).length; i += 5) {
        double up = loss(network, parameters, name, i, step, batch);
        double down = loss(network, parameters, name, i, -step, batch);
        double expected = (up - down) / (2 * step);
        assertEquals(expected, gradients.gradients().get(name)[i], 5e-3, name + " " + i);
        checked++;
      }
    }
    assertTrue(checked > 20, checked + " gradients");
  }

  private static double loss(
      Network network, Parameters parameters, String name, int at, double by, Batch batch) {
    Parameters moved = parameters.copy();
    moved.get(name)[at] += (float) by;
    return pytorch.gradients(network, moved, new Parameters(Map.of()), batch, targets()).loss();
  }

  /** Labels, and a teacher at temperature 2. */
  private static List<Target> targets() {
    return List.of(
        new Target(new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, 1, 0.75f),
        new Target(new float[] {0.5f, 0.25f, 0.25f, 0, 0.5f, 0.5f, 0.1f, 0.2f, 0.7f}, 2, 0.5f));
  }

  /** A hint adds its part of the loss, and gradients that lead to what is wanted. */
  @Test
  void hintsDrawValuesInside() {
    Network network = firstNetwork();
    Batch batch = random(network);
    Parameters parameters = network.parameters();
    Parameters none = new Parameters(Map.of());
    float[] wanted = new float[BATCH * 4];
    Arrays.fill(wanted, 1.5f);
    List<Differentiator.Hint> hints = List.of(new Differentiator.Hint("f", wanted, 0.3f));
    Gradients with = pytorch.gradients(network, parameters, none, batch, targets(), hints);
    Gradients without = pytorch.gradients(network, parameters, none, batch, targets());
    Interpreter reference = new Interpreter(network.graph());
    int size = batch.items().length / BATCH;
    double squares = 0;
    for (int i = 0; i < BATCH; i++) {
      float[] item = Arrays.copyOfRange(batch.items(), i * size, (i + 1) * size);
      var values = reference.runAll(List.of(FloatTensor.of(network.input().type().shape(), item)));
      for (var entry : values.entrySet()) {
        if (entry.getKey().name().equals("f")) {
          for (float element : ((FloatTensor) entry.getValue()).data()) {
            squares += Math.pow(element - 1.5, 2);
          }
        }
      }
    }
    assertEquals(0.3 * squares / wanted.length, with.loss() - without.loss(), 1e-4);
    Parameters moved = parameters.map((name, values) -> values.clone());
    moved
        .arrays()
        .forEach(
            (name, values) -> {
              float[] step = with.gradients().get(name);
              for (int i = 0; i < values.length; i++) {
                values[i] -= 1e-3f * (step[i] - without.gradients().get(name)[i]);
              }
            });
    float before = pytorch.gradients(network, parameters, none, batch, List.of(), hints).loss();
    float after = pytorch.gradients(network, moved, none, batch, List.of(), hints).loss();
    assertTrue(after < before, before + " to " + after);
  }

  /** The loss by its definition. */
  @Test
  void lossIsTheSumOfItsTargets() {
    Network network = firstNetwork();
    Batch batch = random(network);
    float[] scores = pytorch.scores(network, new Parameters(Map.of()), batch);
    double expected = 0;
    for (Target target : targets()) {
      for (int item = 0; item < BATCH; item++) {
        double sum = 0;
        for (int c = 0; c < 3; c++) {
          sum += Math.exp(scores[item * 3 + c] / target.temperature());
        }
        for (int c = 0; c < 3; c++) {
          int at = item * 3 + c;
          expected -=
              target.weight()
                  * target.temperature()
                  * target.temperature()
                  * target.probabilities()[at]
                  * (scores[at] / target.temperature() - Math.log(sum))
                  / BATCH;
        }
      }
    }
    Parameters none = new Parameters(Map.of());
    Gradients gradients = pytorch.gradients(network, network.parameters(), none, batch, targets());
    assertEquals(expected, gradients.loss(), 1e-5);
    assertTrue(gradients.statistics().names().isEmpty());
  }

  /** In training a batch is normalized by itself, and the statistics move a tenth towards its. */
  @Test
  void batchNormalizationMovesItsStatistics() {
    Network network = firstNetwork();
    Batch batch = random(network);
    Parameters statistics = network.statistics();
    Gradients first =
        pytorch.gradients(network, network.parameters(), statistics, batch, targets());
    assertEquals(List.of("m", "v"), List.copyOf(first.statistics().names()));
    assertFalse(Arrays.equals(statistics.get("m"), first.statistics().get("m")));
    Parameters moved = statistics;
    for (int i = 0; i < 200; i++) {
      moved =
          pytorch.gradients(network, network.parameters(), moved, batch, targets()).statistics();
    }
    float[] before = statistics.get("m");
    for (int c = 0; c < before.length; c++) {
      float expected = before[c] + (moved.get("m")[c] - before[c]) / 10;
      assertEquals(expected, first.statistics().get("m")[c], 1e-4f);
    }
  }

  /** All that is beyond the largest integer is that. */
  @Test
  void quantizationSaturates() {
    Network network = secondNetwork();
    Batch inside = new Batch(1, new float[50]);
    float[] beyond = new float[50];
    Arrays.fill(beyond, 100);
    Parameters none = new Parameters(Map.of());
    float[] scores = pytorch.scores(network, none, new Batch(1, beyond));
    Arrays.fill(beyond, 200);
    assertArrayEquals(scores, pytorch.scores(network, none, new Batch(1, beyond)));
    assertFalse(Arrays.equals(scores, pytorch.scores(network, none, inside)));
  }

  @Test
  void theSameStepGivesTheSameBits() {
    Network network = firstNetwork();
    Batch batch = random(network);
    Parameters none = new Parameters(Map.of());
    Gradients first = pytorch.gradients(network, network.parameters(), none, batch, targets());
    Gradients again = pytorch.gradients(network, network.parameters(), none, batch, targets());
    assertEquals(first.loss(), again.loss());
    for (String name : first.gradients().names()) {
      assertArrayEquals(first.gradients().get(name), again.gradients().get(name));
    }
  }

  @Test
  void whatCannotBeTrainedIsReported() {
    Network network =
        network(
            """
            graph "sigmoids"
            input %x : float32[1, 2]
            %w = constant() {weights = DenseWeights{tensor = float32[2, 2] #4}} : float32[2, 2]
            %d = dense(%x, %w) : float32[1, 2]
            %y = sigmoid(%d) : float32[1, 2]
            output %y
            """);
    DiagnosticException e = assertThrows(DiagnosticException.class, () -> PyTorch.check(network));
    assertTrue(e.getMessage().contains("test.etch:5:"), e.getMessage());
    assertTrue(e.getMessage().contains("cannot be trained"), e.getMessage());
  }

  private static Batch random(Network network) {
    SplittableRandom random = new SplittableRandom(3);
    float[] items = new float[BATCH * network.input().type().shape().elements()];
    for (int i = 0; i < items.length; i++) {
      items[i] = (float) random.nextGaussian();
    }
    return new Batch(BATCH, items);
  }
}
