// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.etch.importer.tflite.schema.BuiltinOperator;
import dev.etch.op.requantization.QuantizedMultiplier;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Convolutions of random geometry against loops that are written as TFLite defines them: NHWC data,
 * weights as stored, padding from the input's extent.
 */
class ConvolutionDefinitionTest {
  private static final long SEED = Long.getLong("etch.seed", 11);
  private static final int MODELS = 150;
  private final Random random = new Random(SEED);

  /** One direction. */
  private record Axis(int input, int kernel, int stride, int dilation, boolean same) {
    int span() {
      return (kernel - 1) * dilation + 1;
    }

    int outputs() {
      return same ? (input + stride - 1) / stride : (input + stride - span()) / stride;
    }

    int padding() {
      return same ? Math.max(0, (outputs() - 1) * stride + span() - input) / 2 : 0;
    }
  }

  /** Random weights, scales and zero points of one layer. */
  private final class Layer {
    final boolean unsigned = random.nextInt(4) == 0;
    final boolean depthwise = random.nextBoolean();
    final boolean same = random.nextBoolean();
    final Axis rows = axis();
    final Axis columns = axis();
    final int groups = depthwise ? 1 + random.nextInt(3) : 1 + random.nextInt(2);
    final int inputs = depthwise ? groups : groups * (1 + random.nextInt(3));
    final int outputs = groups * (1 + random.nextInt(3));
    final int depth = depthwise ? 1 : inputs / groups;
    final int low = unsigned ? 0 : -128;
    final int inputZero = low + random.nextInt(256);
    final int outputZero = low + random.nextInt(256);
    final int weightZero = unsigned ? random.nextInt(256) : 0;
    final float[] scales = new float[unsigned || random.nextBoolean() ? 1 : outputs];
    final int[] weights = bytes(outputs * rows.kernel * columns.kernel * depth, low);
    final int[] bias = random.ints(outputs, -2000, 2000).toArray();
    final int[] x = bytes(rows.input * columns.input * inputs, low);

    Layer() {
      for (int i = 0; i < scales.length; i++) {
        scales[i] = 0.001f + random.nextFloat() / 20;
      }
    }

    private Axis axis() {
      int kernel = 1 + random.nextInt(3);
      int dilation = 1 + random.nextInt(2);
      int input = (kernel - 1) * dilation + 1 + random.nextInt(6);
      return new Axis(input, kernel, 1 + random.nextInt(3), dilation, same);
    }

    private int[] bytes(int count, int from) {
      return random.ints(count, from, from + 256).toArray();
    }

    int weight(int output, int row, int column, int channel) {
      int place = row * columns.kernel + column;
      int index =
          depthwise
              ? place * outputs + output
              : (output * rows.kernel * columns.kernel + place) * depth + channel;
      return weights[index] - weightZero;
    }

    byte[] model() {
      TestModel m = new TestModel();
      int type = unsigned ? TestModel.UINT8 : TestModel.INT8;
      int in = m.tensor("x", type, 0.5f, inputZero, 1, rows.input, columns.input, inputs);
      long[] zeros = IntStream.range(0, scales.length).mapToLong(i -> weightZero).toArray();
      int w =
          depthwise
              ? m.weights(
                  "w", type, scales, zeros, 3, weights, 1, rows.kernel, columns.kernel, outputs)
              : m.weights(
                  "w",
                  type,
                  scales,
                  zeros,
                  0,
                  weights,
                  outputs,
                  rows.kernel,
                  columns.kernel,
                  depth);
      int b = m.ints("b", bias, outputs);
      int out =
          m.tensor("y", type, 0.9f, outputZero, 1, rows.outputs(), columns.outputs(), outputs);
      int activation = depthwise ? 4 : 3;
      m.operator(
          depthwise ? BuiltinOperator.DEPTHWISE_CONV_2D : BuiltinOperator.CONV_2D,
          TestModel.options(
              new int[] {0, same ? 0 : 1, activation, 1},
              new int[] {1, columns.stride},
              new int[] {2, rows.stride},
              new int[] {activation + 1, columns.dilation},
              new int[] {activation + 2, rows.dilation}),
          out,
          in,
          w,
          b);
      return m.build(new int[] {in}, out);
    }

    int[] definition() {
      int[] y = new int[rows.outputs() * columns.outputs() * outputs];
      for (int i = 0; i < y.length; i++) {
        int output = i % outputs;
        int column = i / outputs % columns.outputs();
        long sum = sum(i / outputs / columns.outputs(), column, output) + bias[output];
        long value = (long) multiplier(output).times(sum) + outputZero;
        y[i] = (int) Math.max(outputZero, Math.min(low + 255, value));
      }
      return y;
    }

    private long sum(int outRow, int outColumn, int output) {
      long sum = 0;
      for (int r = 0; r < rows.kernel; r++) {
        for (int c = 0; c < columns.kernel; c++) {
          int row = outRow * rows.stride - rows.padding() + r * rows.dilation;
          int column = outColumn * columns.stride - columns.padding() + c * columns.dilation;
          if (row < 0 || row >= rows.input || column < 0 || column >= columns.input) {
            continue;
          }
          for (int k = 0; k < depth; k++) {
            int channel = output / (outputs / groups) * depth + k;
            int value = x[(row * columns.input + column) * inputs + channel] - inputZero;
            sum += (long) value * weight(output, r, c, k);
          }
        }
      }
      return sum;
    }

    private QuantizedMultiplier multiplier(int output) {
      float scale = scales[scales.length == 1 ? 0 : output];
      return unsigned
          ? QuantizedMultiplier.of((double) (0.5f * scale) / 0.9f)
          : QuantizedMultiplier.of(0.5 * scale / 0.9f);
    }
  }

  @Test
  void randomGeometry() {
    System.out.println("convolutions as TFLite defines them: seed " + SEED);
    for (int i = 0; i < MODELS; i++) {
      Layer layer = new Layer();
      assertArrayEquals(
          layer.definition(),
          TestRun.integers(layer.model(), layer.x),
          "model " + i + " of seed " + SEED + " " + Arrays.toString(layer.scales));
    }
  }
}
