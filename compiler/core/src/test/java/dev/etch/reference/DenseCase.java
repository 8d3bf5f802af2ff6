// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static dev.etch.reference.Layers.evaluate;
import static dev.etch.reference.Layers.layerScales;
import static dev.etch.reference.Layers.minus;
import static dev.etch.reference.Layers.repeat;

import dev.etch.op.Transpose;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import java.util.List;

/** A random dense layer, with the constants that all its ONNX forms share. */
final class DenseCase {
  final IntegerType type;
  final IntegerTensor x;
  final IntegerTensor w;
  final IntegerTensor bias;
  final int xZero;
  final int wZero;
  final int yZero;
  final float xScale;
  final float[] wScales;
  final float yScale;

  DenseCase(int seed, IntegerType type, IntegerType weight, boolean perColumn) {
    this(seed, type, weight, perColumn, perColumn);
  }

  DenseCase(int seed, IntegerType type, IntegerType weight, boolean perColumn, boolean symmetric) {
    RandomTensors random = new RandomTensors(seed);
    this.type = type;
    int inputs = random.between(1, 200);
    int outputs = random.between(1, 40);
    x = random.integers(type, random.between(1, 5), inputs);
    w = random.weights(weight, inputs, outputs);
    bias = random.between(IntegerType.INT32, -9000, 9000, outputs);
    xZero = random.value(type);
    wZero = symmetric ? 0 : random.value(weight);
    yZero = random.value(type);
    xScale = random.scale(0.02);
    wScales = random.scales(0.01, perColumn ? outputs : 1);
    yScale = random.scale(0.3);
  }

  OnnxModel model() {
    return new OnnxModel()
        .input("x", x.type())
        .scales("xs", xScale)
        .zeroPoints("xz", type, xZero)
        .constant("w", w)
        .scales("ws", wScales)
        .zeroPoints("wz", (IntegerType) w.type().element(), repeat(wZero, wScales.length))
        .scales("ys", yScale)
        .zeroPoints("yz", type, yZero);
  }

  Tensor weights() {
    return evaluate(new Transpose(List.of(1, 0)), minus(w, wZero));
  }

  float[] scales() {
    return layerScales(xScale, wScales, yScale);
  }
}
