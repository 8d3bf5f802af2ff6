// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Quantization;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Scale and zero-point operands, which must be constant. */
final class QuantizationOperands {
  private QuantizationOperands() {}

  /**
   * The quantization that two operands give.
   *
   * @param scale index of the scale operand, float32 of rank 0 or 1
   * @param zeroPoint index of the zero-point operand, which may be absent
   * @param absent element type if there is no zero point, which then is 0
   * @param shape of the quantized tensor
   * @param axis of the channels if there are several scales; may count from the end
   */
  static Quantization read(
      NodeContext node, int scale, int zeroPoint, IntegerType absent, Shape shape, int axis) {
    FloatTensor scales = node.floats(scale, "the scale");
    if (scales.shape().rank() > 1) {
      throw new Refusal(
          "scale of shape " + scales.shape() + " (blocked quantization) is not supported",
          "quantize per tensor or per channel");
    }
    List<Float> list = new ArrayList<>();
    for (float value : scales.data()) {
      list.add(value);
    }
    int[] zeros = new int[list.size()];
    IntegerType type = absent;
    if (node.has(zeroPoint)) {
      IntegerTensor tensor = integers(node, zeroPoint);
      type = (IntegerType) tensor.type().element();
      zeros = tensor.data();
    }
    int channels = 0;
    if (list.size() != 1) {
      channels = NodeContext.axis(axis, shape.rank());
      if (shape.dimension(channels) != list.size()) {
        throw new Refusal(
            list.size() + " scales for axis " + channels + " of " + shape,
            "one scale for the tensor, or one for each channel");
      }
    }
    return new Quantization(type, list, Arrays.stream(zeros).boxed().toList(), channels);
  }

  /** A quantization with one scale and a zero point that must be there. */
  static Quantization perTensor(NodeContext node, int scale, int zeroPoint) {
    if (!node.has(zeroPoint)) {
      throw new Refusal("the zero point is missing", "it tells the element type");
    }
    Quantization q = read(node, scale, zeroPoint, IntegerType.UINT8, Shape.of(1), 0);
    if (!q.isPerTensor()) {
      throw new Refusal("one scale for each channel where one for the tensor is wanted", "");
    }
    return q;
  }

  /** The quantization of an operand with one scale, checked to have its element type. */
  static Quantization tensor(NodeContext node, int operand, int scale, int zeroPoint) {
    Quantization q = of(node, operand, scale, zeroPoint, 0);
    if (!q.isPerTensor()) {
      throw new Refusal("operand " + operand + " has a scale for each channel", "one is wanted");
    }
    return q;
  }

  /** A quantization of this operand, checked to have its element type. */
  static Quantization of(NodeContext node, int operand, int scale, int zeroPoint, int axis) {
    if (!(node.operand(operand).type().element() instanceof IntegerType type)) {
      throw new Refusal(
          "operand " + operand + " has type " + node.operand(operand).type(), "integers wanted");
    }
    Quantization q = read(node, scale, zeroPoint, type, node.shape(operand), axis);
    checkType(node, operand, q.type());
    return q;
  }

  /** Checks that a zero point has the element type of what it belongs to. */
  static void checkType(NodeContext node, int operand, IntegerType zeroPoint) {
    if (!node.operand(operand).type().element().equals(zeroPoint)) {
      throw new Refusal(
          "operand "
              + operand
              + " has type "
              + node.operand(operand).type().element()
              + ", its zero point "
              + zeroPoint,
          "both must have one type");
    }
  }

  /** Constant integers, for instance zero points. */
  static IntegerTensor integers(NodeContext node, int input) {
    if (node.tensor(input, "the zero point") instanceof IntegerTensor tensor
        && tensor.type().isInteger()) {
      return tensor;
    }
    throw new Refusal("the zero point has type " + node.operand(input).type(), "integers wanted");
  }

  /** A single zero point of {@code operand} that may be absent, then 0. */
  static int zeroPoint(NodeContext node, int operand, int input) {
    if (!node.has(input)) {
      return 0;
    }
    IntegerTensor tensor = integers(node, input);
    checkType(node, operand, (IntegerType) tensor.type().element());
    if (tensor.data().length != 1) {
      throw new Refusal("zero point of shape " + tensor.shape(), "one for the tensor is wanted");
    }
    return tensor.data()[0];
  }
}
