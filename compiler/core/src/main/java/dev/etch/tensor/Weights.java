// SPDX-License-Identifier: Apache-2.0
package dev.etch.tensor;

/** Constant data in the form it was compressed to; every form reads as the same dense tensor. */
public sealed interface Weights permits DenseWeights, SparseWeights, ClusteredWeights {
  /** Element type and shape of the decoded tensor. */
  TensorType type();

  /** The decoded tensor. */
  Tensor decode();
}
