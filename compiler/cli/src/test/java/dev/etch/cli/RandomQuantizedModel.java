// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.Location;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Value;
import dev.etch.op.Add;
import dev.etch.op.AveragePool2d;
import dev.etch.op.Concat;
import dev.etch.op.Constant;
import dev.etch.op.Conv2d;
import dev.etch.op.Dense;
import dev.etch.op.Dequantize;
import dev.etch.op.Layout;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Multiply;
import dev.etch.op.Op;
import dev.etch.op.Pad;
import dev.etch.op.Quantization;
import dev.etch.op.Quantize;
import dev.etch.op.Relu;
import dev.etch.op.Reshape;
import dev.etch.op.Sigmoid;
import dev.etch.op.Slice;
import dev.etch.op.Softmax;
import dev.etch.op.Transpose;
import dev.etch.op.Window;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import dev.etch.text.GraphPrinter;
import java.util.List;
import java.util.Random;

/**
 * A small network as exporters write it, in floats with Quantize and Dequantize around each layer,
 * made from a seed. One in a few has a flaw: a layer in float, weights in float, no quantizer at an
 * end.
 */
final class RandomQuantizedModel {
  private static final Layout LAYOUT = Layout.NCHW;

  private final Random random;
  private final GraphBuilder builder;
  private final IntegerType type;
  private int names;

  /** One in {@code rarity} quantizers is left out. */
  private final int rarity;

  private RandomQuantizedModel(long seed) {
    random = new Random(seed * 7919);
    builder = new GraphBuilder("random_" + seed);
    type = random.nextBoolean() ? IntegerType.INT8 : IntegerType.UINT8;
    rarity = random.nextInt(3) == 0 ? 6 : Integer.MAX_VALUE;
  }

  /** The model of a seed, in Etch's text form. */
  static String text(long seed) {
    return new RandomQuantizedModel(seed).text();
  }

  private String text() {
    int extent = 3 + random.nextInt(5);
    Shape shape = LAYOUT.shape(1, 1 + random.nextInt(4), extent, extent);
    Value x = quantized(builder.input("x", new TensorType(FloatType.FLOAT32, shape)));
    int layers = 1 + random.nextInt(4);
    for (int i = 0; i < layers; i++) {
      x = layer(x);
    }
    builder.output(random.nextBoolean() ? head(x) : x);
    return GraphPrinter.print(builder.build());
  }

  private Value layer(Value x) {
    return switch (random.nextInt(11)) {
      case 0 -> quantized(add(new MaxPool2d(pool(x), LAYOUT), x));
      case 1 -> quantized(add(new AveragePool2d(pool(x), LAYOUT, false, false), x));
      case 2 -> quantized(add(new Add(), x, same(x)));
      case 3 -> quantized(add(new Concat(1), x, beside(x)));
      case 4 -> quantized(add(new Sigmoid(), x));
      case 5 -> quantized(add(new Transpose(List.of(0, 1, 3, 2)), x));
      case 6 -> quantized(add(new Pad(List.of(0, 0, 1, 0), List.of(0, 0, 0, 1), 0), x));
      case 7 -> quantized(add(new Multiply(), x, same(x)));
      case 8 -> quantized(add(new Slice(List.of(0, 0, 1, 0), List.of(1, 1, 1, 1), rest(x)), x));
      default -> convolution(x, 1 + random.nextInt(4));
    };
  }

  /** Another value of the same shape: a layer's, or a constant. */
  private Value same(Value x) {
    Shape shape = x.type().shape();
    return random.nextInt(3) == 0
        ? parameter(Shape.of(1, shape.dimension(1), 1, 1))
        : convolution(x, shape.dimension(1));
  }

  /** Two more channels. */
  private Value beside(Value x) {
    Shape shape = x.type().shape();
    return random.nextInt(3) == 0
        ? parameter(Shape.of(1, 2, shape.dimension(2), shape.dimension(3)))
        : convolution(x, 2);
  }

  private static List<Integer> rest(Value x) {
    Shape shape = x.type().shape();
    return List.of(1, shape.dimension(1), Math.max(1, shape.dimension(2) - 1), shape.dimension(3));
  }

  private Window pool(Value x) {
    int height = Math.min(2, x.type().shape().dimension(2));
    int width = Math.min(2, x.type().shape().dimension(3));
    return Window.of(height, width);
  }

  private Value convolution(Value x, int outputs) {
    int kernel = random.nextBoolean() ? 1 : 3;
    int pad = kernel / 2;
    Window window = new Window(kernel, kernel, 1, 1, 1, 1, pad, pad, pad, pad);
    Value weights = parameter(Shape.of(outputs, x.type().shape().dimension(1), kernel, kernel));
    Value sums = add(new Conv2d(window, LAYOUT, 1), x, weights);
    return quantized(random.nextBoolean() ? add(new Relu(), sums) : sums);
  }

  private Value head(Value x) {
    int elements = x.type().shape().elements();
    Value flat = add(new Reshape(List.of(1, elements)), x);
    Value sums = add(new Dense(), flat, parameter(Shape.of(3, elements)));
    Value scores = random.nextInt(4) == 0 ? sums : quantized(sums);
    return random.nextInt(4) == 0 ? add(new Softmax(1), scores) : scores;
  }

  /** Quantized data, as Dequantize gives it; or floats. */
  private Value parameter(Shape shape) {
    double zeros = random.nextInt(4) == 0 ? 1 : random.nextDouble() * 0.7;
    int[] data = new int[shape.elements()];
    for (int i = 0; i < data.length; i++) {
      data[i] = random.nextDouble() < zeros ? 0 : random.nextInt(255) - 127;
    }
    if (random.nextInt(rarity) == 1) {
      float[] floats = new float[data.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = data[i] / 100f;
      }
      return constant(FloatTensor.of(shape, floats));
    }
    Quantization quantization = Quantization.perTensor(IntegerType.INT8, scale() / 4, 0);
    return add(
        new Dequantize(quantization), constant(IntegerTensor.of(IntegerType.INT8, shape, data)));
  }

  private Value constant(Tensor tensor) {
    return add(new Constant(new DenseWeights(tensor)));
  }

  private Value quantized(Value x) {
    if (random.nextInt(rarity) == 1) {
      return x;
    }
    int zeroPoint = (int) type.minimum() + random.nextInt(256);
    Quantization quantization = Quantization.perTensor(type, scale(), zeroPoint);
    return add(new Dequantize(quantization), add(new Quantize(quantization), x));
  }

  private float scale() {
    return 0.01f + random.nextFloat() / 8;
  }

  private Value add(Op op, Value... operands) {
    return builder.add("n" + names++, op, Location.file("random"), operands);
  }
}
