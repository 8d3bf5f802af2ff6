// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.coding;

import dev.etch.compressed.SparseCode;

/**
 * What {@link SparseCode} takes for a layer of which only averages are known, as tables of papers
 * have them, if kept weights lie at random: a zero has to be stored for each run of as many zeros
 * as a distance can count.
 *
 * @param weights all
 * @param density part that is kept, above 0 to 1
 * @param valueBits of a value's number before it is coded: there are 2 to that power values
 * @param codedValueBits of a value's number, coded, on average
 * @param distanceBits of a distance before it is coded
 * @param codedDistanceBits of a distance, coded, on average
 * @param outputs biases, each of 32 bits
 */
public record ExpectedSize(
    long weights,
    double density,
    int valueBits,
    double codedValueBits,
    int distanceBits,
    double codedDistanceBits,
    int outputs) {

  /** Zeros that are stored, for each weight that is kept. */
  public double storedZeros() {
    double run = Math.pow(1 - density, 1 << distanceBits);
    return run / (1 - run);
  }

  /** Everything: coded weights and distances, a codebook of 32 bits a value, and biases. */
  public double bytes() {
    double stored = weights * density * (1 + storedZeros());
    double codebook = (1L << valueBits) * 32.0;
    return (stored * (codedValueBits + codedDistanceBits) + codebook + outputs * 32.0) / 8;
  }
}
