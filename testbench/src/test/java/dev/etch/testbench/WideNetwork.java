// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Layout;
import dev.etch.op.Op;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.Window;
import dev.etch.op.requantization.DoubleProduct;
import dev.etch.op.requantization.ExactAccumulation;
import dev.etch.op.requantization.ExactSum;
import dev.etch.op.requantization.FixedPoint;
import dev.etch.op.requantization.FixedPointSum;
import dev.etch.op.requantization.FloatAccumulation;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.RoundedQuotient;
import dev.etch.op.requantization.ShortFixedPoint;
import dev.etch.op.requantization.SumRequantization;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A network with 16-bit activations and 8-bit weights made from a seed, as TFLite's converter makes
 * them: a residual block, a product, an average and a dense layer.
 */
final class WideNetwork {
  private static final IntegerType INT16 = new IntegerType(16, true);
  private static final int LOW = Short.MIN_VALUE;
  private static final int HIGH = Short.MAX_VALUE;

  private final Random random;
  private final GraphBuilder builder;
  private final int channels;
  private int nodes;

  private WideNetwork(long seed) {
    random = new Random(seed);
    builder = new GraphBuilder("wide_" + seed);
    channels = 1 + random.nextInt(5);
  }

  /** The network of a seed; the same on every machine. */
  static PartitionedModel of(long seed) {
    return new WideNetwork(seed).build();
  }

  private PartitionedModel build() {
    int side = 3 + random.nextInt(3);
    Value input =
        builder.input("x", new TensorType(INT16, Layout.NHWC.shape(1, channels, side, side)));
    Value first = convolution(input, 1);
    Value sum = add(first, convolution(first, channels), random.nextBoolean());
    Value mean = average(multiply(sum, first), side);
    Value result = dense(mean, 1 + random.nextInt(4));
    builder.output(result);
    Graph graph = builder.build();
    Graph before = new Graph("before", List.of(input), List.of(input), List.of());
    Graph after = new Graph("after", List.of(result), List.of(result), List.of());
    return new PartitionedModel(graph, before, graph, after);
  }

  private Value convolution(Value x, int groups) {
    int perGroup = channels / groups;
    Value weights = weights(Shape.of(channels, perGroup, 3, 3));
    Window window = new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
    Value raw = node(new IntegerConv2d(window, Layout.NHWC, groups, 0), x, weights);
    List<Requantization> ends = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      int shift = 20 + random.nextInt(4);
      long bias = random.nextInt(10) == 0 ? 1L << 34 : random.nextInt(1 << 22) - (1 << 21);
      ends.add(
          new ShortFixedPoint(
              bias, 1 << 14 | random.nextInt(1 << 14), shift, 0, random.nextInt(2) * LOW, HIGH));
    }
    // Channels of one layer have one activation.
    int low = ends.get(0).low();
    List<Requantization> alike = ends.stream().map(e -> withLow(e, low)).toList();
    return node(new Requantize(alike, 3, INT16), raw);
  }

  private static Requantization withLow(Requantization end, int low) {
    ShortFixedPoint e = (ShortFixedPoint) end;
    return new ShortFixedPoint(e.bias(), e.multiplier(), e.shift(), e.zeroPoint(), low, HIGH);
  }

  private Value add(Value left, Value right, boolean subtracts) {
    if (random.nextInt(3) == 0) {
      return node(new QuantizedAdd(exactSum(), INT16), left, right);
    }
    boolean leftIsLarger = random.nextBoolean();
    QuantizedMultiplier half = QuantizedMultiplier.of(0.5);
    QuantizedMultiplier smaller = QuantizedMultiplier.of(0.5 * (0.02 + random.nextDouble()));
    SumRequantization sum =
        new FixedPointSum(
            0,
            leftIsLarger ? half : smaller,
            0,
            leftIsLarger ? smaller : half,
            subtracts,
            15,
            QuantizedMultiplier.of(Math.scalb(0.7 + random.nextDouble(), -15)),
            0,
            LOW,
            HIGH);
    return node(new QuantizedAdd(sum, INT16), left, right);
  }

  private SumRequantization exactSum() {
    int shift = 30;
    return new ExactSum(
        Math.round(Math.scalb(0.1 + random.nextDouble(), shift)),
        random.nextInt(2000) - 1000,
        Math.round(Math.scalb(0.1 + random.nextDouble(), shift)),
        random.nextInt(2000) - 1000,
        shift,
        0,
        random.nextInt(2000) - 1000,
        LOW,
        HIGH);
  }

  private Value multiply(Value left, Value right) {
    Value product = node(new IntegerMultiply(0, 0), left, right);
    return node(
        new Requantize(List.of(fixedPoint(Math.scalb(0.5 + random.nextDouble(), -14))), 0, INT16),
        product);
  }

  private Value average(Value x, int side) {
    Window whole = new Window(side, side, side, side, 1, 1, 0, 0, 0, 0);
    Value sum = node(new IntegerSumPool2d(whole, Layout.NHWC, 0), x);
    return node(
        new Requantize(List.of(new RoundedQuotient(side * side, LOW, HIGH)), 0, INT16), sum);
  }

  private Value dense(Value x, int outputs) {
    Value row = node(new Reshape(List.of(1, channels)), x);
    Value raw = node(new IntegerDense(0), row, weights(Shape.of(outputs, channels)));
    return node(new Requantize(ends(outputs), 1, INT16), raw);
  }

  /** As TFLite 2.14 has them, as today's TensorFlow and LiteRT do, or as ONNX Runtime does. */
  private List<Requantization> ends(int outputs) {
    int kernel = random.nextInt(3);
    List<Requantization> ends = new ArrayList<>();
    for (int o = 0; o < outputs; o++) {
      double ratio = 0.011 + random.nextDouble();
      long bias = random.nextInt(1 << 16) - (1 << 15);
      ends.add(
          switch (kernel) {
            case 0 -> new DoubleProduct(bias, ratio, 0, LOW, HIGH);
            case 1 -> fixedPoint(ratio);
            default -> inFloat(ratio, bias);
          });
    }
    return ends;
  }

  /** As ONNX Runtime does it in float32, with a zero point. */
  private static Requantization inFloat(double ratio, long bias) {
    return ExactAccumulation.of(
            List.of(
                new FloatAccumulation((float) ratio, 1, bias * (float) ratio, 1, 1, 77, LOW, HIGH)))
        .get(0);
  }

  private static Requantization fixedPoint(double ratio) {
    return new FixedPoint(0, QuantizedMultiplier.of(ratio), 0, LOW, HIGH);
  }

  private Value weights(Shape shape) {
    int[] data = random.ints(shape.elements(), -127, 128).toArray();
    return builder.constant(
        "w" + nodes++, IntegerTensor.of(IntegerType.INT8, shape, data), Location.file("wide"));
  }

  private Value node(Op op, Value... operands) {
    String name = "n" + nodes++;
    return builder.add(name, name, op, Location.file("wide"), operands);
  }
}
