// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.DequantizeThenQuantize;
import dev.etch.op.requantization.Requantization;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import java.util.Arrays;
import java.util.List;

/**
 * Clip of integers, as QCDQ models narrow their ranges: QuantizeLinear to 8 bits, Clip to fewer,
 * DequantizeLinear. Weights are clipped when they are read.
 */
final class IntegerClip {
  /** Integers of more bits are not exact in float32, in which the staircase is defined. */
  private static final int MOST_BITS = 16;

  private IntegerClip() {}

  /** Gives the clipped integers. */
  static void result(NodeContext node) {
    IntegerType type = (IntegerType) node.operand(0).type().element();
    int low = bound(node, 1, type, (int) type.minimum(), "min");
    int high = bound(node, 2, type, (int) type.maximum(), "max");
    if (low > high) {
      throw new Refusal("bounds [" + low + ", " + high + "] are empty", "");
    }
    if (node.operand(0) instanceof Operand.Constant) {
      IntegerTensor stored = (IntegerTensor) node.tensor(0, "the operand");
      int[] data =
          Arrays.stream(stored.data()).map(v -> Math.max(low, Math.min(high, v))).toArray();
      node.result(new Operand.Constant(new DenseWeights(new IntegerTensor(stored.type(), data))));
      return;
    }
    if (type.bits() > MOST_BITS) {
      throw new Refusal("operand has type " + node.operand(0).type(), "at most 16 bits are wanted");
    }
    Requantization clamp = new DequantizeThenQuantize(1, 0, 1, 0, low, high);
    node.emitResult(new Requantize(List.of(clamp), 0, type), node.value(0));
  }

  private static int bound(
      NodeContext node, int input, IntegerType type, int otherwise, String role) {
    if (!node.has(input)) {
      return otherwise;
    }
    if (node.tensor(input, role) instanceof IntegerTensor bound
        && bound.type().element().equals(type)
        && bound.data().length == 1) {
      return bound.data()[0];
    }
    throw new Refusal(
        role + " has type " + node.operand(input).type(), "one number of type " + type);
  }
}
