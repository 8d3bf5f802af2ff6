// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

/**
 * What hardware can make of a compressed layer, in the order in which a layer takes one after the
 * other.
 */
public enum CompressionForm {
  /** A step for each weight, zero or not, words as they are, and a multiplier for each product. */
  PLAIN("plain"),
  /** Zero weights have no step. */
  ZEROS_SKIPPED("zeros skipped"),
  /** Products with a common factor share a multiplier. */
  SHARED_MULTIPLIERS("shared multipliers"),
  /** Weights are indices into a codebook beside each lane. */
  CODEBOOK("codebook"),
  /** Each circulant block of the weights is stored once. */
  CIRCULANT("circulant blocks"),
  /** Words in a prefix code. */
  CODED("coded words");

  private final String words;

  CompressionForm(String words) {
    this.words = words;
  }

  /** As reports spell it. */
  public String words() {
    return words;
  }
}
