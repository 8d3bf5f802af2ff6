// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.OperatorException;
import dev.etch.op.requantization.FloatFunction;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;

/**
 * Any function of one narrow integer, by table. TFLite's LOGISTIC, TANH, HARD_SWISH, LEAKY_RELU and
 * PRELU on 8 bits; ONNX's functions of one number between Dequantize and Quantize.
 *
 * @param tables [1, entries] for the tensor or [channels, entries]: what each operand value
 *     becomes, the type's smallest value first; its element type is the result's
 * @param channelAxis of the operand; meaningless with one table, then 0
 */
public record Lookup(Tensor tables, int channelAxis) implements IntegerOp {
  private static final int MOST_BITS = 16;

  public Lookup {
    Objects.requireNonNull(tables);
    if (!(tables instanceof IntegerTensor) || tables.shape().rank() != 2) {
      throw new OperatorException(
          "tables of type " + tables.type(), "give integers of shape [channels, entries]");
    }
  }

  /** One table for the tensor: {@code function} of every value of {@code operand}. */
  public static Lookup of(IntegerType operand, IntegerType result, IntUnaryOperator function) {
    return perChannel(operand, result, List.of(function), 0);
  }

  /**
   * One table for the tensor: what quantizing {@code function} of each dequantized operand gives.
   *
   * @param operand one scale and zero point
   * @param result one scale and zero point
   */
  public static Lookup ofFloats(Quantization operand, Quantization result, FloatFunction function) {
    return of(
        operand.type(),
        result.type(),
        x -> result.quantize(function.apply(operand.dequantize(x, 0)), 0));
  }

  /** One table for each channel. */
  public static Lookup perChannel(
      IntegerType operand, IntegerType result, List<IntUnaryOperator> functions, int channelAxis) {
    if (operand.bits() > MOST_BITS) {
      throw new OperatorException("a table for " + operand, "at most " + MOST_BITS + " bits");
    }
    int entries = 1 << operand.bits();
    int[] data = new int[Math.multiplyExact(functions.size(), entries)];
    for (int i = 0; i < data.length; i++) {
      int x = (int) operand.minimum() + i % entries;
      data[i] = functions.get(i / entries).applyAsInt(x);
    }
    return new Lookup(
        IntegerTensor.of(result, dev.etch.tensor.Shape.of(functions.size(), entries), data),
        channelAxis);
  }

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    TensorType x = o.integers(0, MOST_BITS);
    int entries = tables.shape().dimension(1);
    if (entries != 1 << ((IntegerType) x.element()).bits()) {
      throw o.misfit(0, "does not fit " + entries + " entries", "one entry for each value");
    }
    if (channels() != 1) {
      o.axis(0, channelAxis);
      if (x.shape().dimension(channelAxis) != channels()) {
        throw o.misfit(
            0,
            "does not have " + channels() + " channels on axis " + channelAxis,
            "one table for the tensor or one a channel");
      }
    }
    return List.of(new TensorType(tables.type().element(), x.shape()));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    TensorType type = infer(Operands.typesOf(operands)).get(0);
    int low = (int) ((IntegerType) operands.get(0).type().element()).minimum();
    int[] x = Operands.intData(operands, 0);
    int[] table = ((IntegerTensor) tables).data();
    int stride = channels() == 1 ? 1 : type.shape().strides()[channelAxis];
    int[] y = new int[x.length];
    for (int i = 0; i < x.length; i++) {
      int channel = Gather.coordinate(i, stride, channels());
      y[i] = table[channel * tables.shape().dimension(1) + x[i] - low];
    }
    return List.of(new IntegerTensor(type, y));
  }

  private int channels() {
    return tables.shape().dimension(0);
  }
}
