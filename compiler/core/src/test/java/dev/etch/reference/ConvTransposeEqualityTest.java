// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import dev.etch.importer.onnx.OnnxImporter;
import dev.etch.optimize.Deviation;
import dev.etch.optimize.StandardPasses;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random transposed convolutions between quantizations against a default session of ONNX Runtime,
 * which computes them in float32: equal where float sums are exact, and next to ties one step apart
 * where their order decides.
 */
class ConvTransposeEqualityTest {
  private static final int MODELS = 30;
  private static final int FRAMES = 20;

  /** Powers of two, so that no sum is rounded whatever its order. */
  private static final float EXACT_STEP = 1f / 64;

  /** Outputs that float sums may move, in a million: none was seen. */
  private static final long MOVED_IN_A_MILLION = 100;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"int8", "uint8"})
  void exactSumsAreEqual(String type) throws IOException {
    for (int seed = 0; seed < MODELS; seed++) {
      Compared compared = compare(IntegerType.parse(type), seed, true, true);
      assertArrayEquals(compared.theirs(), compared.ours(), "seed " + seed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"int8", "uint8"})
  void roundedSumsAreAStepApartAtMost(String type) throws IOException {
    long moved = 0;
    long all = 0;
    for (int seed = 0; seed < MODELS; seed++) {
      Compared compared = compare(IntegerType.parse(type), seed, false, true);
      int allowed = compared.deviations().isEmpty() ? 0 : 1;
      for (int i = 0; i < compared.ours().length; i++) {
        double apart = Math.abs(compared.ours()[i] - compared.theirs()[i]);
        assertTrue(apart <= allowed, "seed " + seed);
        moved += (long) apart;
      }
      all += compared.ours().length;
    }
    assertTrue(moved * 1_000_000 <= MOVED_IN_A_MILLION * all, moved + " of " + all);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void floatResultsAreClose(boolean exact) throws IOException {
    for (int seed = 0; seed < MODELS; seed++) {
      Compared compared = compare(IntegerType.INT8, seed, exact, false);
      assertArrayEquals(compared.theirs(), compared.ours(), exact ? 0 : 2e-4, "seed " + seed);
      assertTrue(exact || !compared.deviations().isEmpty(), "seed " + seed);
    }
  }

  private record Compared(double[] theirs, double[] ours, List<Deviation> deviations) {}

  private Compared compare(IntegerType type, int seed, boolean exact, boolean quantized)
      throws IOException {
    RandomTensors random = new RandomTensors(seed);
    OnnxModel model = model(type, random, exact, quantized, seed % 4 == 3 ? 1 : 2);
    Path file = Files.write(folder.resolve("model.onnx"), model.build());
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    PartitionedModel parts =
        StandardPasses.prepare(OnnxImporter.read(file, diagnostics), diagnostics);
    Tensor x = random.integers(type, parts.whole().inputs().get(0).type().shape().toArray());
    List<Tensor> values = List.of(x);
    for (Graph part : List.of(parts.before(), parts.accelerator(), parts.after())) {
      values = new Interpreter(part).run(values);
    }
    Tensor theirs = OnnxRuntime.runWithDefaults(model, Map.of("x", x));
    assertEquals(theirs.type(), values.get(0).type());
    return new Compared(numbers(theirs), numbers(values.get(0)), Deviation.of(parts));
  }

  private static double[] numbers(Tensor tensor) {
    double[] numbers = new double[tensor.shape().elements()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          tensor instanceof FloatTensor floats
              ? floats.data()[i]
              : ((IntegerTensor) tensor).data()[i];
    }
    return numbers;
  }

  private static OnnxModel model(
      IntegerType type, RandomTensors random, boolean exact, boolean quantized, int axes) {
    int groups = random.between(1, 2);
    int inputs = groups * random.between(1, 3);
    int outputs = random.between(1, 3);
    int[] data = shape(random, FRAMES, inputs, axes, 5);
    int[] kernel = shape(random, inputs, outputs, axes, 4);
    boolean perChannel = random.between(0, 1) == 1;
    float step = exact ? EXACT_STEP : random.scale(EXACT_STEP);
    float[] scales = new float[perChannel ? outputs : 1];
    float[] sums = new float[scales.length];
    for (int c = 0; c < scales.length; c++) {
      scales[c] = exact ? 1f / (32 << random.between(0, 3)) : random.scale(1f / 128);
      sums[c] = step * scales[c];
    }
    OnnxModel model =
        new OnnxModel()
            .input("x", random.integers(type, data).type())
            .output("y", quantized ? type : FloatType.FLOAT32)
            .scales("xs", step)
            .zeroPoints("xz", type, random.value(type))
            .constant("w", random.integers(IntegerType.INT8, kernel))
            .constant("ws", FloatTensor.of(Shape.of(scales.length), scales))
            .constant(
                "wz",
                IntegerTensor.of(IntegerType.INT8, Shape.of(scales.length), new int[scales.length]))
            .node("", "DequantizeLinear", List.of("x", "xs", "xz"), "fx");
    model.node("", "DequantizeLinear", List.of("w", "ws", "wz"), "fw", "axis", 1);
    List<String> operands = new ArrayList<>(List.of("fx", "fw"));
    int channels = outputs * groups;
    int bias = random.between(0, 3);
    if (bias == 3) {
      float[] floats = new float[channels];
      for (int c = 0; c < channels; c++) {
        floats[c] = (exact ? 0x1p-12f : 0.0003f) * random.between(-5000, 5000);
      }
      model.constant("b", FloatTensor.of(Shape.of(channels), floats));
      operands.add("b");
    } else if (bias > 0 && (groups == 1 || !perChannel)) {
      model.constant("b", random.between(IntegerType.INT32, -3000, 3000, channels));
      model.constant("bs", FloatTensor.of(Shape.of(sums.length), sums));
      model.constant(
          "bz", IntegerTensor.of(IntegerType.INT32, Shape.of(sums.length), new int[sums.length]));
      model.node("", "DequantizeLinear", List.of("b", "bs", "bz"), "fb", "axis", 0);
      operands.add("fb");
    }
    model.node(
        "", "ConvTranspose", operands, quantized ? "fy" : "y", attributes(random, groups, kernel));
    return quantized
        ? model
            .scales("ys", exact ? 0.5f : random.scale(0.5f))
            .zeroPoints("yz", type, random.value(type))
            .node("", "QuantizeLinear", List.of("fy", "ys", "yz"), "y")
        : model;
  }

  private static int[] shape(RandomTensors random, int first, int second, int axes, int most) {
    int[] shape = new int[2 + axes];
    shape[0] = first;
    shape[1] = second;
    for (int i = 2; i < shape.length; i++) {
      shape[i] = random.between(1, most);
    }
    return shape;
  }

  private static Object[] attributes(RandomTensors random, int groups, int[] kernel) {
    int axes = kernel.length - 2;
    int[] strides = new int[axes];
    int[] dilations = new int[axes];
    int[] more = new int[axes];
    int[] pads = new int[2 * axes];
    for (int i = 0; i < axes; i++) {
      strides[i] = random.between(1, 3);
      dilations[i] = random.between(1, 5) / 4 + 1;
      more[i] = random.between(0, strides[i] - 1);
      int span = (kernel[2 + i] - 1) * dilations[i];
      pads[i] = random.between(0, span / 2);
      pads[axes + i] = random.between(0, span / 2);
    }
    String automatic =
        List.of("NOTSET", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID").get(random.between(0, 4));
    return automatic.equals("NOTSET")
        ? new Object[] {
          "group",
          groups,
          "strides",
          strides,
          "dilations",
          dilations,
          "output_padding",
          more,
          "pads",
          pads
        }
        : new Object[] {
          "group", groups, "strides", strides, "dilations", dilations, "auto_pad", automatic
        };
  }
}
