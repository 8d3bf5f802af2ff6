// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.data;

import dev.etch.importer.Dimensions;
import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.format.SparseTensorProto;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.SparseWeights;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Reads {@code sparse_initializer} entries: values, and either row-major positions [values] or
 * coordinates [values, rank].
 */
public final class SparseTensorReader {
  /** A file of a few bytes must not decode to more than 256 MiB. */
  private static final int MOST_DECODED = 1 << 26;

  private final TensorReader tensors;

  /** Reads values and indexes through {@code tensors}. */
  public SparseTensorReader(TensorReader tensors) {
    this.tensors = tensors;
  }

  /**
   * The sparse tensor.
   *
   * @throws Refusal if indexes are out of range, repeated, or do not fit the values
   */
  public Operand read(SparseTensorProto proto) {
    Shape shape = Dimensions.shape(proto.getDimsList());
    if (shape.elements() > MOST_DECODED) {
      throw new Refusal("sparse shape " + shape + " has too many elements", "at most 2^26");
    }
    if (!(tensors.read(proto.getValues()) instanceof Operand.Constant values)) {
      throw new Refusal("sparse int64 values are not supported", "store them as a dense tensor");
    }
    if (!(tensors.read(proto.getIndices()) instanceof Operand.Longs indexes)) {
      throw new Refusal("indices of a sparse tensor must be int64", "");
    }
    if (values.shape().rank() != 1) {
      throw new Refusal("values of a sparse tensor have shape " + values.shape(), "rank 1 wanted");
    }
    int[] positions = positions(indexes, values.shape().elements(), shape);
    return sorted(shape, positions, values.weights().decode());
  }

  private static int[] positions(Operand.Longs indexes, int count, Shape shape) {
    boolean linear = indexes.shape().rank() == 1;
    Shape wanted = linear ? Shape.of(count) : Shape.of(count, shape.rank());
    if (!indexes.shape().equals(wanted)) {
      throw new Refusal(
          "indices of shape " + indexes.shape() + " for " + count + " values of a tensor " + shape,
          "[values] positions or [values, rank] coordinates wanted");
    }
    int[] positions = new int[count];
    for (int i = 0; i < count; i++) {
      positions[i] =
          linear
              ? checked(indexes.data()[i], shape.elements())
              : position(indexes.data(), i * shape.rank(), shape);
    }
    return positions;
  }

  private static int position(long[] coordinates, int at, Shape shape) {
    int[] strides = shape.strides();
    int position = 0;
    for (int axis = 0; axis < shape.rank(); axis++) {
      position += strides[axis] * checked(coordinates[at + axis], shape.dimension(axis));
    }
    return position;
  }

  private static int checked(long index, int extent) {
    if (index < 0 || index >= extent) {
      throw new Refusal("sparse index " + index + " is outside of [0, " + extent + ")", "");
    }
    return (int) index;
  }

  private static Operand sorted(Shape shape, int[] positions, Tensor values) {
    Integer[] order = new Integer[positions.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingInt(i -> positions[i]));
    int[] ascending = Arrays.stream(order).mapToInt(i -> positions[i]).toArray();
    for (int i = 1; i < ascending.length; i++) {
      if (ascending[i] == ascending[i - 1]) {
        throw new Refusal("sparse position " + ascending[i] + " is given twice", "");
      }
    }
    IntegerTensor indexes =
        IntegerTensor.of(IntegerType.INT32, Shape.of(ascending.length), ascending);
    TensorType type = new TensorType(values.type().element(), shape);
    return new Operand.Constant(new SparseWeights(type, indexes, permuted(values, order)));
  }

  private static Tensor permuted(Tensor values, Integer[] order) {
    if (values instanceof FloatTensor floats) {
      float[] data = new float[order.length];
      for (int i = 0; i < data.length; i++) {
        data[i] = floats.data()[order[i]];
      }
      return new FloatTensor(values.type(), data);
    }
    int[] integers = ((IntegerTensor) values).data();
    return new IntegerTensor(
        values.type(), Arrays.stream(order).mapToInt(i -> integers[i]).toArray());
  }
}
