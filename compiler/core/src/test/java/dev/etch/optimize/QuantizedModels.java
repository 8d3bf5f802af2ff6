// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Value;
import dev.etch.op.Conv2d;
import dev.etch.op.Dequantize;
import dev.etch.op.Layout;
import dev.etch.op.Op;
import dev.etch.op.Quantization;
import dev.etch.op.Quantize;
import dev.etch.op.Window;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;
import java.util.Random;

/** Builds small QDQ graphs with random weights. */
final class QuantizedModels {
  final GraphBuilder builder = new GraphBuilder("model.onnx");
  final Random random;
  private int count;

  QuantizedModels(long seed) {
    random = new Random(seed);
  }

  Location at(String operator) {
    return Location.node("model.onnx", operator + "_" + count, operator);
  }

  Value op(Op op, Value... operands) {
    String name = op.getClass().getSimpleName() + "_" + count++;
    return builder.add(name, op, at(op.getClass().getSimpleName()), operands);
  }

  Value input(Shape shape) {
    return builder.input("x", new TensorType(dev.etch.tensor.FloatType.FLOAT32, shape));
  }

  Quantization randomQuantization() {
    return Quantization.perTensor(
        IntegerType.INT8, .01f + random.nextFloat() * .05f, random.nextInt(100) - 50);
  }

  Value quantize(Value value, Quantization quantization) {
    return op(new Quantize(quantization), value);
  }

  Value dequantize(Value value, Quantization quantization) {
    return op(new Dequantize(quantization), value);
  }

  /** A quantization pair with random parameters. */
  Value quantized(Value value) {
    Quantization quantization = randomQuantization();
    return dequantize(quantize(value, quantization), quantization);
  }

  /** Constant integers behind a Dequantize along axis 0. */
  Value weights(IntegerType type, int reach, float scale, Shape shape) {
    int channels = shape.dimension(0);
    List<Float> scales =
        random.doubles(channels).mapToObj(d -> (float) (scale * (d + .5))).toList();
    return weights(
        type,
        reach,
        new Quantization(type, scales, java.util.Collections.nCopies(channels, 0), 0),
        shape);
  }

  Value weights(IntegerType type, int reach, Quantization quantization, Shape shape) {
    int[] data = random.ints(shape.elements(), -reach, reach + 1).toArray();
    Value constant =
        builder.constant("w" + count++, IntegerTensor.of(type, shape, data), at("Constant"));
    return dequantize(constant, quantization);
  }

  /** A 3x3 convolution of int8 with a float bias. */
  Value convolution(Value features, int outputs) {
    int inputs = features.type().shape().dimension(1);
    Value weights = weights(IntegerType.INT8, 127, .002f, Shape.of(outputs, inputs, 3, 3));
    float[] bias = new float[outputs];
    for (int i = 0; i < outputs; i++) {
      bias[i] = random.nextFloat() - .5f;
    }
    Value constant =
        builder.constant("b" + count++, FloatTensor.of(Shape.of(outputs), bias), at("Constant"));
    Window window = new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
    return op(new Conv2d(window, Layout.NCHW, 1), features, weights, constant);
  }

  Graph finish(Value... outputs) {
    List.of(outputs).forEach(builder::output);
    return builder.build();
  }

  /** Floats within what int8 with the quantizations above can hold. */
  static FloatTensor randomInput(Random random, Shape shape) {
    float[] data = new float[shape.elements()];
    for (int i = 0; i < data.length; i++) {
      data[i] = random.nextFloat() * 4 - 2;
    }
    return FloatTensor.of(shape, data);
  }

  static Tensor run(Graph graph, Tensor input) {
    return new Interpreter(graph).run(List.of(input)).get(0);
  }
}
