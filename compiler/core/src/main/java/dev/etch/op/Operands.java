// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.OperatorException;
import dev.etch.op.requantization.FloatFunction;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/** The operand types of one operator, with the checks that inference of most operators shares. */
final class Operands {
  private final String operator;
  private final List<TensorType> types;

  private Operands(String operator, List<TensorType> types) {
    this.operator = operator;
    this.types = types;
  }

  /** The operands of {@code operator}, of which there must be {@code least} to {@code most}. */
  static Operands of(Op operator, List<TensorType> types, int least, int most) {
    String name = operator.getClass().getSimpleName();
    if (types.size() < least || types.size() > most) {
      String wanted = least == most ? String.valueOf(least) : least + " to " + most;
      throw new OperatorException(
          name + " takes " + wanted + " operands, not " + types.size(), "give it the right number");
    }
    return new Operands(name, types);
  }

  /** Whether an optional operand is there. */
  boolean has(int index) {
    return index < types.size();
  }

  /** Type of an operand, whatever it is. */
  TensorType any(int index) {
    return types.get(index);
  }

  /** Type of an operand that must be float32. */
  TensorType floats(int index) {
    TensorType type = types.get(index);
    if (!type.isFloat()) {
      throw misfit(index, "must be float32", "dequantize it first");
    }
    return type;
  }

  /** Type of an operand that must be an integer of at most {@code mostBits}. */
  TensorType integers(int index, int mostBits) {
    TensorType type = types.get(index);
    if (!(type.element() instanceof IntegerType integer)) {
      throw misfit(index, "must be an integer", "quantize it first");
    }
    if (integer.bits() > mostBits) {
      throw misfit(index, "must have at most " + mostBits + " bits", "requantize it to fewer bits");
    }
    return type;
  }

  /** Type of an operand that must be int32. */
  TensorType int32(int index) {
    TensorType type = types.get(index);
    if (!type.element().equals(IntegerType.INT32)) {
      throw misfit(index, "must be int32", "store it as int32");
    }
    return type;
  }

  /** Checks that an operand is a vector with one element an output. */
  void vector(int index, int elements) {
    if (!types.get(index).shape().equals(Shape.of(elements))) {
      throw misfit(index, "must have shape [" + elements + "]", "one element an output channel");
    }
  }

  /** Checks that an operand has {@code rank} axes. */
  void rank(int index, int rank) {
    if (types.get(index).shape().rank() != rank) {
      throw misfit(index, "must have " + rank + " axes", "reshape it");
    }
  }

  /** Complains about one operand. */
  OperatorException misfit(int index, String problem, String help) {
    return new OperatorException(
        operator + ": operand " + index + ", " + types.get(index) + ", " + problem, help);
  }

  /** Complains about an axis unless the operand has it. */
  void axis(int index, int axis) {
    if (axis < 0 || axis >= types.get(index).shape().rank()) {
      throw misfit(index, "has no axis " + axis, "axes count from 0");
    }
  }

  /**
   * Complains unless an operand has as many channels as there are entries; one fits every shape.
   */
  void channels(int index, int entries, int axis) {
    if (entries == 1) {
      return;
    }
    axis(index, axis);
    if (types.get(index).shape().dimension(axis) != entries) {
      throw misfit(
          index,
          "does not have " + entries + " channels on axis " + axis,
          "one entry for the tensor or one a channel");
    }
  }

  /** A shape from extents that a model may have made too large. */
  static Shape shape(List<Integer> extents) {
    try {
      return new Shape(extents);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new OperatorException(
          "result of shape " + extents + " is impossible: " + e.getMessage(),
          "check the shapes in the model");
    }
  }

  /** A float32 type. */
  static TensorType floatType(Shape shape) {
    return new TensorType(FloatType.FLOAT32, shape);
  }

  /** An int32 type. */
  static TensorType int32Type(Shape shape) {
    return new TensorType(IntegerType.INT32, shape);
  }

  /** Data of a float operand. */
  static float[] floatData(List<Tensor> operands, int index) {
    return ((FloatTensor) operands.get(index)).data();
  }

  /** A function of each element of a float tensor. */
  static FloatTensor mapped(Tensor operand, FloatFunction function) {
    float[] x = ((FloatTensor) operand).data();
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = function.apply(x[i]);
    }
    return FloatTensor.of(operand.shape(), y);
  }

  /** Data of an integer operand. */
  static int[] intData(List<Tensor> operands, int index) {
    return ((IntegerTensor) operands.get(index)).data();
  }

  /** Types of actual operands. */
  static List<TensorType> typesOf(List<Tensor> operands) {
    return operands.stream().map(Tensor::type).toList();
  }
}
