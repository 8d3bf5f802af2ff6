// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.importer.onnx.data.WeightForms;
import dev.etch.op.Quantization;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Weights;
import java.util.List;
import java.util.Optional;

/** Rearranges constant operands; a dequantized constant stays integers with a quantization. */
final class ConstantForms {
  private ConstantForms() {}

  /** The constant with permuted axes; empty if {@code operand} is dynamic. */
  static Optional<Operand> transposed(Operand operand, List<Integer> permutation) {
    if (operand instanceof Operand.Constant constant) {
      return Optional.of(
          new Operand.Constant(WeightForms.transposed(constant.weights(), permutation)));
    }
    if (operand instanceof Operand.DequantizedConstant dequantized) {
      Quantization q = dequantized.quantization();
      int axis = q.isPerTensor() ? 0 : permutation.indexOf(q.axis());
      Weights weights = WeightForms.transposed(dequantized.integers(), permutation);
      return Optional.of(dequantized.with(weights, withAxis(q, axis)));
    }
    return Optional.empty();
  }

  /**
   * The constant under another shape; empty if {@code operand} is dynamic, or if the axis of a
   * per-channel quantization does not survive.
   */
  static Optional<Operand> reshaped(Operand operand, Shape shape) {
    if (operand instanceof Operand.Constant constant) {
      return Optional.of(new Operand.Constant(WeightForms.reshaped(constant.weights(), shape)));
    }
    if (operand instanceof Operand.Longs longs) {
      return Optional.of(new Operand.Longs(shape, longs.data()));
    }
    if (operand instanceof Operand.DequantizedConstant dequantized) {
      return axisAfter(dequantized, shape)
          .map(
              axis ->
                  dequantized.with(
                      WeightForms.reshaped(dequantized.integers(), shape),
                      withAxis(dequantized.quantization(), axis)));
    }
    return Optional.empty();
  }

  private static Quantization withAxis(Quantization q, int axis) {
    return new Quantization(q.type(), q.scales(), q.zeroPoints(), axis);
  }

  /** The axis that has the same extent and as many elements inside of it. */
  private static Optional<Integer> axisAfter(Operand.DequantizedConstant constant, Shape to) {
    Quantization q = constant.quantization();
    if (q.isPerTensor()) {
      return Optional.of(0);
    }
    Shape from = constant.shape();
    for (int axis = 0; axis < to.rank(); axis++) {
      if (to.dimension(axis) == from.dimension(q.axis())
          && to.strides()[axis] == from.strides()[q.axis()]) {
        return Optional.of(axis);
      }
    }
    return Optional.empty();
  }

  /**
   * The float constant times {@code factor}. The scale of a dequantized constant is multiplied only
   * by powers of two: any other factor would be rounded at another place than in the model.
   */
  static Operand scaled(Operand operand, float factor, String role) {
    if (factor == 1) {
      return operand;
    }
    if (operand instanceof Operand.Constant constant && constant.type().isFloat()) {
      return new Operand.Constant(WeightForms.scaled(constant.weights(), factor));
    }
    if (operand instanceof Operand.DequantizedConstant dequantized && isPowerOfTwo(factor)) {
      Quantization q = dequantized.quantization();
      List<Float> scales = q.scales().stream().map(s -> s * factor).toList();
      return dequantized.with(
          dequantized.integers(), new Quantization(q.type(), scales, q.zeroPoints(), q.axis()));
    }
    throw new Refusal(
        role + " " + factor + " needs constant float operands, or a power of two on quantized ones",
        "multiply the constant operand with it before the export");
  }

  static boolean isPowerOfTwo(float factor) {
    return factor > 0
        && Float.isFinite(factor)
        && factor == Math.scalb(1f, Math.getExponent(factor))
        && Math.abs(Math.getExponent(factor)) < 64;
  }

  /** A float tensor repeated along leading and unit axes until it has {@code shape}. */
  static FloatTensor broadcast(FloatTensor tensor, Shape shape) {
    Shape from = tensor.shape();
    int lead = shape.rank() - from.rank();
    if (lead < 0) {
      throw new Refusal("cannot broadcast " + from + " to " + shape, "");
    }
    int[] fromStrides = from.strides();
    for (int axis = 0; axis < from.rank(); axis++) {
      if (from.dimension(axis) == 1) {
        fromStrides[axis] = 0;
      } else if (from.dimension(axis) != shape.dimension(axis + lead)) {
        throw new Refusal("cannot broadcast " + from + " to " + shape, "");
      }
    }
    int[] strides = shape.strides();
    float[] data = new float[shape.elements()];
    for (int i = 0; i < data.length; i++) {
      int at = 0;
      for (int axis = 0; axis < from.rank(); axis++) {
        at += fromStrides[axis] * (i / strides[axis + lead] % shape.dimension(axis + lead));
      }
      data[i] = tensor.data()[at];
    }
    return FloatTensor.of(shape, data);
  }
}
