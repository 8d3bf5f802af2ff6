// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

/** What makes the products of a layer that multiplies by weights. */
public enum ProductForm {
  /** A multiplier for each lane, or for several. */
  MULTIPLIERS,
  /** Adders of the lane's own. */
  ADDERS
}
