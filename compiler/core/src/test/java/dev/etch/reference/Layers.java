// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.op.Op;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the comparisons with ONNX Runtime share. */
final class Layers {
  private Layers() {}

  static final int CASES = 8;

  static final String MICROSOFT = "com.microsoft";

  static Tensor evaluate(Op op, Tensor... operands) {
    op.infer(Arrays.stream(operands).map(Tensor::type).toList());
    return op.evaluate(List.of(operands)).get(0);
  }

  static Requantize scaleThenRound(float[] scales, int zeroPoint, int axis, IntegerType type) {
    List<Requantization> channels = new ArrayList<>();
    for (float scale : scales) {
      channels.add(
          new ScaleThenRound(scale, zeroPoint, (int) type.minimum(), (int) type.maximum()));
    }
    return new Requantize(channels, axis, type);
  }

  static IntegerTensor minus(IntegerTensor weights, int zeroPoint) {
    int[] data = Arrays.stream(weights.data()).map(w -> w - zeroPoint).toArray();
    return IntegerTensor.of(new IntegerType(9, true), weights.shape(), data);
  }

  static float[] layerScales(float x, float[] w, float y) {
    float[] scales = new float[w.length];
    for (int i = 0; i < w.length; i++) {
      scales[i] = x * w[i] / y;
    }
    return scales;
  }

  static int[] repeat(int value, int count) {
    int[] values = new int[count];
    Arrays.fill(values, value);
    return values;
  }
}
