// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

/**
 * How the products of a unit's lanes share multipliers, see {@link ProductPacking}.
 *
 * @param products that a multiplier makes at most; 0 if products come from adders
 * @param common which of their factors they have in common
 */
public record Packing(int products, Common common) {
  /** A multiplier a product. */
  public static final Packing NONE = new Packing(1, Common.ELEMENT);

  /** No multipliers. */
  public static final Packing ADDERS = new Packing(0, Common.ELEMENT);

  /** The factor that several products have in common. */
  public enum Common {
    /** Lanes that read the same elements have weights of their own. */
    ELEMENT,
    /** Lanes with the same weights read elements of their own: copies for neighbouring pixels. */
    WEIGHT
  }

  public Packing {
    if (products < 0) {
      throw new IllegalArgumentException("a multiplier makes no fewer than 0 products");
    }
  }

  /** Multipliers for so many lanes with a factor in common. */
  int multipliers(int lanes) {
    return products == 0 ? 0 : (lanes + products - 1) / products;
  }
}
