// SPDX-License-Identifier: Apache-2.0
package dev.etch.tensor;

import java.util.Objects;

/**
 * Every element is an index into a small codebook.
 *
 * @param codebook the distinct values, rank 1
 * @param indexes one index an element, of the decoded tensor's shape
 */
public record ClusteredWeights(Tensor codebook, IntegerTensor indexes) implements Weights {
  public ClusteredWeights {
    Objects.requireNonNull(indexes);
    int entries = codebook.shape().elements();
    for (int index : indexes.data()) {
      if (index < 0 || index >= entries) {
        throw new IllegalArgumentException(
            "codebook index " + index + " with " + entries + " entries");
      }
    }
  }

  @Override
  public TensorType type() {
    return new TensorType(codebook.type().element(), indexes.shape());
  }

  @Override
  public Tensor decode() {
    int[] at = indexes.data();
    if (codebook instanceof FloatTensor floats) {
      float[] data = new float[at.length];
      for (int i = 0; i < at.length; i++) {
        data[i] = floats.data()[at[i]];
      }
      return new FloatTensor(type(), data);
    }
    int[] data = new int[at.length];
    for (int i = 0; i < at.length; i++) {
      data[i] = ((IntegerTensor) codebook).data()[at[i]];
    }
    return new IntegerTensor(type(), data);
  }
}
