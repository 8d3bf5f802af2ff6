// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.coding;

import dev.etch.compressed.SparseCode;
import dev.etch.graph.WeightEntropy;

/**
 * What a layer takes in a file.
 *
 * @param name of the layer
 * @param weights all, zeros too
 * @param kept weights that are not zero
 * @param code of the weights
 * @param entropy bits that a kept weight takes at least, its value and its place
 * @param otherBytes biases and scales
 */
public record LayerSize(
    String name, int weights, long kept, SparseCode code, double entropy, int otherBytes) {

  /** Everything. */
  public int bytes() {
    return code.bytes().length + otherBytes;
  }

  /** Part of the weights that is kept. */
  public double density() {
    return (double) kept / weights;
  }

  /** Bits of a value's number before it is coded. */
  public int indexBits() {
    return 32 - Integer.numberOfLeadingZeros(Math.max(0, code.values() - 1));
  }

  /** Coded bits of the values, for each weight that is kept; zeros that are stored are counted. */
  public double codedWeightBits() {
    return kept == 0 ? 0 : (double) code.weightCodeBits() / kept;
  }

  /** Coded bits of the distances, for each weight that is kept. */
  public double codedDistanceBits() {
    return kept == 0 ? 0 : (double) code.distanceCodeBits() / kept;
  }

  /** The size of a layer with these weights. */
  static LayerSize of(String name, int[] weights, WeightEntropy entropy, int otherBytes) {
    return new LayerSize(
        name,
        weights.length,
        entropy.nonzero(),
        SparseCode.of(weights),
        entropy.bitsPerWeight(),
        otherBytes);
  }
}
