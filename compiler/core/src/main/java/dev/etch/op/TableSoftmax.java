// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.OperatorException;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Softmax of 8-bit integers along one axis with a table of float32 exponentials. ONNX Runtime's
 * QLinearSoftmax, which it also makes of a Softmax between DequantizeLinear and QuantizeLinear.
 *
 * @param axis along which the probabilities add up to 1
 * @param inputScale of the operand
 * @param outputScale of the probabilities; ONNX Runtime rounds its reciprocal down, so that steps
 *     of 1/255 become 1/254
 * @param zeroPoint of the probabilities
 * @param output int8 or uint8
 */
public record TableSoftmax(
    int axis, float inputScale, float outputScale, int zeroPoint, IntegerType output)
    implements IntegerSoftmaxOp {
  /** So far below the largest float32 that the sum of all exponentials, times the scale, fits. */
  private static final double RESERVE = 5;

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    TensorType x = o.integers(0, 8);
    o.axis(0, axis);
    if (!(inputScale > 0) || !(outputScale > 0) || output.bits() > 8) {
      throw new OperatorException(
          "softmax with scales " + inputScale + " and " + outputScale + " to " + output,
          "scales are above 0, the output has at most 8 bits");
    }
    return List.of(new TensorType(output, x.shape()));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    TensorType type = infer(Operands.typesOf(operands)).get(0);
    Shape shape = type.shape();
    int[] x = Operands.intData(operands, 0);
    int[] y = new int[x.length];
    int extent = shape.dimension(axis);
    int stride = shape.strides()[axis];
    List<Float> exponentials = exponentials(extent);
    for (int i = 0; i < x.length; i++) {
      if (Gather.coordinate(i, stride, extent) == 0) {
        line(x, y, IntStream.range(0, extent).map(step(i, stride)).toArray(), exponentials);
      }
    }
    return List.of(new IntegerTensor(type, y));
  }

  private static IntUnaryOperator step(int first, int stride) {
    return i -> first + i * stride;
  }

  private void line(int[] x, int[] y, int[] places, List<Float> exponentials) {
    int largest = Integer.MIN_VALUE;
    for (int place : places) {
      largest = Math.max(largest, x[place]);
    }
    float sum = 0;
    for (int place : places) {
      sum += exponentials.get(largest - x[place]);
    }
    for (int place : places) {
      float steps = exponentials.get(largest - x[place]) * steps() / sum;
      // The cast saturates, so that what is infinite stays above everything.
      y[place] = (int) output.saturate((long) (int) Math.rint(steps) + zeroPoint);
    }
  }

  /** Steps of the output from 0 to 1. */
  public float steps() {
    return (float) Math.floor(1 / outputScale);
  }

  /**
   * The exponential of every distance of operands to their line's largest, 0 to 255, times a large
   * number.
   *
   * @param extent elements of a line
   */
  public List<Float> exponentials(int extent) {
    double room = Math.max(0, Math.log(Float.MAX_VALUE / extent) - RESERVE) / inputScale;
    return IntStream.rangeClosed(0, 255)
        .mapToObj(distance -> (float) Math.exp((room - distance) * inputScale))
        .toList();
  }
}
