// SPDX-License-Identifier: Apache-2.0
package dev.etch.tensor;

import java.util.Objects;

/**
 * Only some elements are stored, all others are zero (ONNX {@code sparse_initializer}).
 *
 * @param type type of the decoded tensor
 * @param indexes row-major positions of the stored elements, strictly ascending
 * @param values the stored elements, rank 1
 */
public record SparseWeights(TensorType type, IntegerTensor indexes, Tensor values)
    implements Weights {
  public SparseWeights {
    Objects.requireNonNull(type);
    if (indexes.shape().elements() != values.shape().elements()) {
      throw new IllegalArgumentException("as many indexes as values");
    }
    int previous = -1;
    for (int index : indexes.data()) {
      if (index <= previous || index >= type.shape().elements()) {
        throw new IllegalArgumentException("sparse index " + index + " out of order or range");
      }
      previous = index;
    }
  }

  @Override
  public Tensor decode() {
    int[] at = indexes.data();
    if (values instanceof FloatTensor floats) {
      float[] data = new float[type.shape().elements()];
      for (int i = 0; i < at.length; i++) {
        data[at[i]] = floats.data()[i];
      }
      return new FloatTensor(type, data);
    }
    int[] data = new int[type.shape().elements()];
    for (int i = 0; i < at.length; i++) {
      data[at[i]] = ((IntegerTensor) values).data()[i];
    }
    return new IntegerTensor(type, data);
  }
}
