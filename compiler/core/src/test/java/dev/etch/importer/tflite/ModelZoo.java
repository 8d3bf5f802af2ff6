// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import dev.etch.importer.tflite.schema.BuiltinOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Networks of well-known shapes with random int8 weights, as a converter writes them: what Etch is
 * tried on besides the official models. Sizes are parameters, so that tests can take small ones.
 */
final class ModelZoo {
  private static final int SAME = 0;
  private static final int NONE = 0;
  private static final int RELU6 = 3;
  private static final float SCALE = 0.05f;

  private final TestModel model = new TestModel();
  private final Random random = new Random(5);
  private int names;

  private ModelZoo() {}

  /** An activation in the making: tensor, rows, columns, channels. */
  private record Map(int tensor, int height, int width, int channels) {}

  /** MobileNetV1: depthwise and pointwise layers in turn; {@code width} channels at first. */
  static byte[] mobileNetV1(int size, int width, int classes) {
    ModelZoo zoo = new ModelZoo();
    Map input = zoo.input(size, size, 3);
    Map x = zoo.conv(input, width, 3, 3, 2, RELU6);
    int[][] blocks = {
      {2, 1}, {4, 2}, {4, 1}, {8, 2}, {8, 1}, {16, 2}, {16, 1}, {16, 1}, {16, 1}, {16, 1}, {16, 1},
      {32, 2}, {32, 1}
    };
    for (int[] block : blocks) {
      x = zoo.depthwise(x, 3, 3, block[1], RELU6);
      x = zoo.conv(x, width * block[0], 1, 1, 1, RELU6);
    }
    return zoo.classify(input, x, classes);
  }

  /** MobileNetV2: inverted residuals. {@code factor} times the original's channels over 8. */
  static byte[] mobileNetV2(int size, int factor, int classes) {
    ModelZoo zoo = new ModelZoo();
    Map input = zoo.input(size, size, 3);
    Map x = zoo.conv(input, 4 * factor, 3, 3, 2, RELU6);
    int[][] groups = {
      {1, 2, 1, 1},
      {6, 3, 2, 2},
      {6, 4, 3, 2},
      {6, 8, 4, 2},
      {6, 12, 3, 1},
      {6, 20, 3, 2},
      {6, 40, 1, 1}
    };
    for (int[] group : groups) {
      for (int i = 0; i < group[2]; i++) {
        x = zoo.invertedResidual(x, group[0], group[1] * factor, i == 0 ? group[3] : 1, false);
      }
    }
    x = zoo.conv(x, 160 * factor, 1, 1, 1, RELU6);
    return zoo.classify(input, x, classes);
  }

  /** EfficientNet's blocks, 3x3 and 5x5, with squeeze and excitation where asked for. */
  static byte[] efficientNet(int size, int factor, boolean squeezes, int classes) {
    ModelZoo zoo = new ModelZoo();
    Map input = zoo.input(size, size, 3);
    Map x = zoo.conv(input, 4 * factor, 3, 3, 2, RELU6);
    int[][] groups = {{1, 2, 1, 1}, {6, 3, 2, 2}, {6, 5, 2, 2}, {6, 10, 3, 2}, {6, 14, 2, 1}};
    for (int[] group : groups) {
      for (int i = 0; i < group[2]; i++) {
        x = zoo.invertedResidual(x, group[0], group[1] * factor, i == 0 ? group[3] : 1, squeezes);
      }
    }
    return zoo.classify(input, x, classes);
  }

  /** A keyword spotter over time: height 1, long kernels, dilation by strides. */
  static byte[] audio(int samples, int channels, int classes) {
    ModelZoo zoo = new ModelZoo();
    Map input = zoo.input(1, samples, 8);
    Map x = zoo.conv(input, channels, 1, 25, 3, RELU6);
    for (int i = 0; i < 3; i++) {
      x = zoo.depthwise(x, 1, 9, 1 + i % 2, NONE);
      x = zoo.conv(x, channels * (1 + i % 2), 1, 1, 1, RELU6);
    }
    return zoo.classify(input, x, classes);
  }

  /** U-Net: halves and doubles the map; the way up joins the way down's maps. */
  static byte[] uNet(int size, int channels, int depth) {
    ModelZoo zoo = new ModelZoo();
    Map input = zoo.input(size, size, 3);
    Map x = input;
    List<Map> down = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      x = zoo.conv(x, channels << i, 3, 3, 1, RELU6);
      down.add(x);
      x = zoo.maxPool(x);
    }
    x = zoo.conv(x, channels << depth, 3, 3, 1, RELU6);
    for (int i = depth - 1; i >= 0; i--) {
      x = zoo.concat(zoo.upsample(x), down.get(i));
      x = zoo.conv(x, channels << i, 3, 3, 1, RELU6);
    }
    x = zoo.logistic(zoo.conv(x, 1, 1, 1, 1, NONE));
    return zoo.model.build(new int[] {input.tensor}, x.tensor);
  }

  private byte[] classify(Map input, Map x, int classes) {
    int axes = model.ints("axes", new int[] {1, 2}, 2);
    int mean = int8(SCALE, -128, 1, x.channels);
    model.operator(BuiltinOperator.MEAN, mean, x.tensor, axes);
    int logits = dense(mean, x.channels, classes, NONE);
    int y = int8(1f / 256, -128, 1, classes);
    model.operator(BuiltinOperator.SOFTMAX, TestModel.floatOption(0, 1), y, logits);
    return model.build(new int[] {input.tensor}, y);
  }

  private Map input(int height, int width, int channels) {
    return new Map(int8(SCALE, -1, 1, height, width, channels), height, width, channels);
  }

  private Map invertedResidual(Map x, int expansion, int outputs, int stride, boolean squeezes) {
    Map wide = expansion == 1 ? x : conv(x, x.channels * expansion, 1, 1, 1, RELU6);
    Map y = depthwise(wide, 3 + 2 * (stride - 1), 3 + 2 * (stride - 1), stride, RELU6);
    if (squeezes) {
      y = squeeze(y);
    }
    y = conv(y, outputs, 1, 1, 1, NONE);
    if (stride != 1 || outputs != x.channels) {
      return y;
    }
    int sum = int8(SCALE, -3, 1, y.height, y.width, outputs);
    model.operator(BuiltinOperator.ADD, TestModel.options(new int[0]), sum, x.tensor, y.tensor);
    return new Map(sum, y.height, y.width, outputs);
  }

  private Map squeeze(Map x) {
    int axes = model.ints(name(), new int[] {1, 2}, 2);
    int mean = int8(SCALE, -128, 1, 1, 1, x.channels);
    model.operator(BuiltinOperator.MEAN, TestModel.options(new int[] {0, 1}), mean, x.tensor, axes);
    Map few = conv(new Map(mean, 1, 1, x.channels), Math.max(1, x.channels / 4), 1, 1, 1, RELU6);
    Map factors = logistic(conv(few, x.channels, 1, 1, 1, NONE));
    int y = int8(SCALE / 2, -128, 1, x.height, x.width, x.channels);
    model.operator(BuiltinOperator.MUL, TestModel.options(new int[0]), y, x.tensor, factors.tensor);
    return new Map(y, x.height, x.width, x.channels);
  }

  private Map logistic(Map x) {
    int y = int8(1f / 256, -128, 1, x.height, x.width, x.channels);
    model.operator(BuiltinOperator.LOGISTIC, y, x.tensor);
    return new Map(y, x.height, x.width, x.channels);
  }

  private Map upsample(Map x) {
    int size = model.ints(name(), new int[] {2 * x.height, 2 * x.width}, 2);
    int y = int8(SCALE, -128, 1, 2 * x.height, 2 * x.width, x.channels);
    model.operator(
        BuiltinOperator.RESIZE_NEAREST_NEIGHBOR,
        TestModel.options(new int[] {1, 1}),
        y,
        x.tensor,
        size);
    return new Map(y, 2 * x.height, 2 * x.width, x.channels);
  }

  private Map concat(Map x, Map y) {
    int channels = x.channels + y.channels;
    int joined = int8(SCALE, -128, 1, x.height, x.width, channels);
    model.operator(
        BuiltinOperator.CONCATENATION,
        TestModel.options(new int[0], new int[] {0, 3}),
        joined,
        x.tensor,
        y.tensor);
    return new Map(joined, x.height, x.width, channels);
  }

  private Map maxPool(Map x) {
    int y = int8(SCALE, -128, 1, x.height / 2, x.width / 2, x.channels);
    model.operator(
        BuiltinOperator.MAX_POOL_2D,
        TestModel.options(
            new int[] {0, 1},
            new int[] {1, 2},
            new int[] {2, 2},
            new int[] {3, 2},
            new int[] {4, 2}),
        y,
        x.tensor);
    return new Map(y, x.height / 2, x.width / 2, x.channels);
  }

  private Map conv(Map x, int outputs, int rows, int columns, int stride, int activation) {
    int[] data = int8s(outputs * rows * columns * x.channels);
    float[] scales = scales(outputs, rows * columns * x.channels);
    int w =
        model.weights(
            name(),
            TestModel.INT8,
            scales,
            new long[outputs],
            0,
            data,
            outputs,
            rows,
            columns,
            x.channels);
    Map y = strided(x, rows, outputs, stride, activation);
    model.operator(
        BuiltinOperator.CONV_2D,
        TestModel.options(
            new int[] {0, SAME, 3, activation},
            new int[] {1, stride},
            new int[] {2, rows == 1 && x.height == 1 ? 1 : stride}),
        y.tensor,
        x.tensor,
        w,
        biases(outputs));
    return y;
  }

  private Map depthwise(Map x, int rows, int columns, int stride, int activation) {
    int[] data = int8s(rows * columns * x.channels);
    float[] scales = scales(x.channels, rows * columns);
    int w =
        model.weights(
            name(),
            TestModel.INT8,
            scales,
            new long[x.channels],
            3,
            data,
            1,
            rows,
            columns,
            x.channels);
    Map y = strided(x, rows, x.channels, stride, activation);
    model.operator(
        BuiltinOperator.DEPTHWISE_CONV_2D,
        TestModel.options(
            new int[] {0, SAME, 4, activation},
            new int[] {1, stride},
            new int[] {2, rows == 1 && x.height == 1 ? 1 : stride},
            new int[] {3, 1}),
        y.tensor,
        x.tensor,
        w,
        biases(x.channels));
    return y;
  }

  private int dense(int x, int inputs, int outputs, int activation) {
    int w =
        model.weights(
            name(),
            TestModel.INT8,
            new float[] {SCALE / inputs},
            new long[1],
            0,
            int8s(inputs * outputs),
            outputs,
            inputs);
    int y = int8(SCALE, 2, 1, outputs);
    model.operator(
        BuiltinOperator.FULLY_CONNECTED,
        TestModel.options(new int[] {0, activation}),
        y,
        x,
        w,
        biases(outputs));
    return y;
  }

  private Map strided(Map x, int rows, int outputs, int stride, int activation) {
    int height = rows == 1 && x.height == 1 ? 1 : (x.height + stride - 1) / stride;
    int width = (x.width + stride - 1) / stride;
    int zeroPoint = activation == NONE ? 4 : -128;
    return new Map(int8(SCALE, zeroPoint, 1, height, width, outputs), height, width, outputs);
  }

  private int biases(int outputs) {
    return model.ints(name(), random.ints(outputs, -2000, 2000).toArray(), outputs);
  }

  private float[] scales(int outputs, int taps) {
    float[] scales = new float[outputs];
    for (int i = 0; i < outputs; i++) {
      scales[i] = (float) ((0.5 + random.nextDouble()) / (64 * Math.sqrt(taps)));
    }
    return scales;
  }

  /** Bell-shaped, as trained weights are; some are zero. */
  private int[] int8s(int count) {
    int[] data = new int[count];
    Arrays.setAll(data, i -> (int) Math.max(-127, Math.min(127, random.nextGaussian() * 30)));
    return data;
  }

  private int int8(float scale, int zeroPoint, int... shape) {
    return model.tensor(name(), TestModel.INT8, scale, zeroPoint, shape);
  }

  private String name() {
    return "t" + names++;
  }
}
