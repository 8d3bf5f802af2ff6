// SPDX-License-Identifier: Apache-2.0
package dev.etch.tensor;

import java.util.Objects;

/** Every element is stored. */
public record DenseWeights(Tensor tensor) implements Weights {
  public DenseWeights {
    Objects.requireNonNull(tensor);
  }

  @Override
  public TensorType type() {
    return tensor.type();
  }

  @Override
  public Tensor decode() {
    return tensor;
  }
}
