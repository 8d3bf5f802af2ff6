// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import dev.etch.importer.SharedModels;
import dev.etch.op.RealQuantize;
import dev.etch.optimize.StandardPasses;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** QONNX models: what the quantizers mean, and that the integer form is what floats decide. */
class QonnxTest extends ImporterTestCase {
  private static final int SEEDS = Integer.getInteger("etch.seeds", 60);
  private static final int IMAGE = 28 * 28;

  @ParameterizedTest
  @CsvSource({
    "ROUND, -2 -2 -2 -1 0 0 1 2 2 2 2",
    "HALF_EVEN, -2 -2 -2 -1 0 0 1 2 2 2 2",
    "HALF_UP, -2 -2 -2 -1 -1 1 1 2 2 2 2",
    "HALF_DOWN, -2 -2 -1 -1 0 0 1 1 2 2 2",
    "FLOOR, -2 -2 -2 -1 -1 0 1 1 1 2 2",
    "CEIL, -2 -2 -1 -1 0 1 1 2 2 2 2",
    "UP, -2 -2 -2 -1 -1 1 1 2 2 2 2",
    "DOWN, -2 -2 -1 -1 0 0 1 1 1 2 2"
  })
  void roundingModes(String mode, String expected) throws IOException {
    Graph graph =
        read(
            new TestModel(9)
                .input("x", TestModel.FLOAT, 1, 11)
                .floats("s", List.of(), 0.5f)
                .floats("z", List.of(), 0)
                .floats("b", List.of(), 3)
                .floats("two", List.of(), 2)
                .node(
                    "qonnx.custom_op.general",
                    "Quant",
                    List.of("x", "s", "z", "b"),
                    "q",
                    TestModel.text("rounding_mode", mode),
                    TestModel.integer("narrow", 0))
                .node("Mul", List.of("q", "two"), "y")
                .output("y"));
    float[] x = {-3, -2, -1.5f, -1, -0.5f, 0.5f, 1, 1.5f, 1.75f, 2, 2};
    float[] halves = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      halves[i] = x[i] / 2;
    }
    String[] words = expected.split(" ");
    float[] wanted = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      // 3 bits without narrow reach -4
      wanted[i] = i == 0 ? -3 : Float.parseFloat(words[i]);
    }
    assertArrayEquals(wanted, run(graph, halves), 0f);
  }

  @Test
  void rangesZeroPointsAndSigns() throws IOException {
    assertArrayEquals(new float[] {-3, 0, 3}, quant(3, 0, true, true, -9, 0.4f, 9), 0f);
    assertArrayEquals(new float[] {-4, 0, 3}, quant(3, 0, true, false, -9, 0.4f, 9), 0f);
    assertArrayEquals(new float[] {0, 0, 7}, quant(3, 0, false, false, -9, 0.4f, 9), 0f);
    assertArrayEquals(new float[] {0, 0, 6}, quant(3, 0, false, true, -9, 0.4f, 9), 0f);
    assertArrayEquals(new float[] {-5, 0, 2}, quant(3, 5, false, false, -9, 0.4f, 9), 0f);
    assertArrayEquals(new float[] {-1, 1, 1}, quant(1, 0, true, false, -9, -0f, 9), 0f);
    assertArrayEquals(new float[] {0, 0, 1}, quant(1, 0, false, false, -9, 0.4f, 9), 0f);
  }

  private float[] quant(int bits, int zero, boolean signed, boolean narrow, float... x)
      throws IOException {
    Graph graph =
        read(
            new TestModel(9)
                .input("x", TestModel.FLOAT, 1, x.length)
                .floats("s", List.of(), 1)
                .floats("z", List.of(), zero)
                .floats("b", List.of(), bits)
                .node(
                    "finn.custom_op.general",
                    "Quant",
                    List.of("x", "s", "z", "b"),
                    "y",
                    TestModel.integer("signed", signed ? 1 : 0),
                    TestModel.integer("narrow", narrow ? 1 : 0))
                .output("y"));
    return run(graph, x);
  }

  @Test
  void whatIsNotDefinedIsRefused() throws IOException {
    assertRefused("bit width 2.5", quantOf("b", 2.5f));
    assertRefused("bit width 0.0", quantOf("b", 0));
    assertRefused("bit width 17.0", quantOf("b", 17));
    assertRefused("zero point 0.5", quantOf("z", 0.5f));
    assertRefused("scale 0.0", quantOf("s", 0));
    assertRefused("scale -1.0", quantOf("s", -1));
    assertRefused("scale NaN", quantOf("s", Float.NaN));
    assertRefused("rounding_mode 'STOCHASTIC' is not known", quantOf("mode", 0));
    assertRefused("'s' is not constant", quantOf("dynamic", 0));
    assertRefused("operand 1 is missing", quantOf("missing", 0));
    assertRefused("scale of shape [2, 4] for", quantOf("unknown", 0));
  }

  private static TestModel quantOf(String what, float value) {
    TestModel model = new TestModel(9).input("x", TestModel.FLOAT, 1, 4);
    if (what.equals("dynamic")) {
      model.input("s", TestModel.FLOAT, 1);
    } else if (what.equals("unknown")) {
      model.floats("s", List.of(2L, 4L), 1, 2, 3, 4, 5, 6, 7, 8);
    } else {
      model.floats("s", List.of(), what.equals("s") ? value : 1);
    }
    return model
        .floats("z", List.of(), what.equals("z") ? value : 0)
        .floats("b", List.of(), what.equals("b") ? value : 3)
        .node(
            "onnx.brevitas",
            "Quant",
            List.of("x", what.equals("missing") ? "" : "s", "z", "b"),
            "y",
            TestModel.text("rounding_mode", what.equals("mode") ? "STOCHASTIC" : "ROUND"))
        .output("y");
  }

  /** Float32 layers of these models are exact, so both must be equal to the last bit. */
  @Test
  void integerFormsEqualTheFloatGraph() throws IOException {
    for (int seed = 0; seed < SEEDS; seed++) {
      Graph graph = read(QonnxRandomModels.of(seed));
      PartitionedModel model = StandardPasses.prepare(graph, new DiagnosticCollector());
      int seedNow = seed;
      assertFalse(
          model.accelerator().nodes().stream().anyMatch(n -> n.op() instanceof RealQuantize),
          () -> "seed " + seedNow);
      Random random = new Random(seed);
      for (int frame = 0; frame < 3; frame++) {
        float[] x = new float[3 * 8 * 8];
        for (int i = 0; i < x.length; i++) {
          x[i] = (float) random.nextGaussian();
        }
        Tensor input = FloatTensor.of(graph.inputs().get(0).type().shape(), x);
        assertArrayEquals(run(graph, x), throughParts(model, input), 0f, () -> "seed " + seedNow);
      }
    }
  }

  private static float[] throughParts(PartitionedModel model, Tensor input) {
    List<Tensor> value = List.of(input);
    for (Graph part : List.of(model.before(), model.accelerator(), model.after())) {
      value = new Interpreter(part).run(value);
    }
    return ((FloatTensor) value.get(0)).data();
  }

  /** Published: 93.17 % and 96.60 %. */
  @ParameterizedTest
  @CsvSource({"TFC_1W1A, 93.17", "TFC_2W2A, 96.60"})
  void mnist(String name, double published) throws IOException {
    Graph graph =
        OnnxImporter.read(
            SharedModels.require("qonnx/" + name + ".onnx"), new DiagnosticCollector());
    PartitionedModel model = StandardPasses.prepare(graph, new DiagnosticCollector());
    byte[] images = unpacked(SharedModels.require("mnist/t10k-images-idx3-ubyte.gz"), 16);
    byte[] labels = unpacked(SharedModels.require("mnist/t10k-labels-idx1-ubyte.gz"), 8);
    Interpreter before = new Interpreter(model.before());
    Interpreter accelerator = new Interpreter(model.accelerator());
    Interpreter after = new Interpreter(model.after());
    Interpreter floats = new Interpreter(graph);
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      Tensor image = image(images, i, graph);
      float[] scores =
          ((FloatTensor) after.run(accelerator.run(before.run(List.of(image)))).get(0)).data();
      right += largest(scores) == labels[i] ? 1 : 0;
      if (i % 50 == 0) {
        assertArrayEquals(
            ((FloatTensor) floats.run(List.of(image)).get(0)).data(), scores, 0f, name);
      }
    }
    assertEquals(10_000, labels.length);
    double accuracy = 100.0 * right / labels.length;
    assertTrue(Math.abs(accuracy - published) <= 0.3, name + ": " + accuracy + " %");
  }

  private static Tensor image(byte[] images, int index, Graph graph) {
    float[] x = new float[IMAGE];
    for (int p = 0; p < IMAGE; p++) {
      x[p] = Byte.toUnsignedInt(images[index * IMAGE + p]) / 255f;
    }
    return FloatTensor.of(graph.inputs().get(0).type().shape(), x);
  }

  private static int largest(float[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  private static byte[] unpacked(Path file, int header) throws IOException {
    try (InputStream stream = new GZIPInputStream(Files.newInputStream(file))) {
      byte[] all = stream.readAllBytes();
      return java.util.Arrays.copyOfRange(all, header, all.length);
    }
  }
}
