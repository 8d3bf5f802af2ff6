// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.data;

import dev.etch.diagnostic.Location;
import dev.etch.graph.Value;
import dev.etch.op.Quantization;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import dev.etch.tensor.Weights;
import java.util.List;

/**
 * What a name of the ONNX graph stands for while it is read. Constants stay data until an operator
 * needs them as an operand, so that readers can transpose, scale or fold them.
 */
public sealed interface Operand
    permits Operand.Dynamic,
        Operand.Constant,
        Operand.DequantizedConstant,
        Operand.Longs,
        Operand.Refused {

  /** Element type and shape. */
  TensorType type();

  /** Extents. */
  default Shape shape() {
    return type().shape();
  }

  /** Computed from the model's inputs. */
  record Dynamic(Value value) implements Operand {
    @Override
    public TensorType type() {
      return value.type();
    }
  }

  /** Constant data, in the form it was compressed to. */
  record Constant(Weights weights) implements Operand {
    @Override
    public TensorType type() {
      return weights.type();
    }
  }

  /**
   * A DequantizeLinear of constant integers, kept apart until it is used.
   *
   * @param integers what is stored
   * @param quantization what the integers mean
   * @param integersName name of the stored tensor in the model
   * @param nodeName name of the DequantizeLinear
   * @param location of the DequantizeLinear
   * @param floatBias whether a layer with these weights adds its bias in float32 after the exact
   *     sum, as QONNX means it; else the bias is rounded to the sum's scale, as ONNX Runtime does
   */
  record DequantizedConstant(
      Weights integers,
      Quantization quantization,
      String integersName,
      String nodeName,
      Location location,
      boolean floatBias)
      implements Operand {
    @Override
    public TensorType type() {
      return new TensorType(dev.etch.tensor.FloatType.FLOAT32, integers.type().shape());
    }

    /** The same node over other integers with another quantization. */
    public DequantizedConstant with(Weights otherIntegers, Quantization otherQuantization) {
      return new DequantizedConstant(
          otherIntegers, otherQuantization, integersName, nodeName, location, floatBias);
    }
  }

  /** Constant 64-bit integers: shapes, axes, indexes. Row-major; the array is not copied. */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere
  record Longs(Shape shape, long[] data) implements Operand {
    @Override
    public TensorType type() {
      return new TensorType(IntegerType.INT64, shape);
    }

    /** A vector. */
    public static Longs vector(List<Long> data) {
      return new Longs(Shape.of(data.size()), data.stream().mapToLong(Long::longValue).toArray());
    }
  }

  /** Its producer was refused: whoever reads it is not reported again. */
  record Refused() implements Operand {
    @Override
    public TensorType type() {
      throw new dev.etch.diagnostic.CompilerBug("type of a refused value");
    }
  }
}
