// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import dev.etch.exact.Interval;
import dev.etch.tensor.IntegerType;
import java.util.Objects;

/**
 * What the elements that a wire carries can be, as the compiler's range analysis proves.
 *
 * @param module of the Verilog
 * @param wire in it: an input or a register
 * @param elementBits of an element; the wire carries one or more, the first in the lowest bits
 * @param signed whether the elements are
 * @param interval that no element leaves
 */
public record ReachableRange(
    String module, String wire, int elementBits, boolean signed, Interval interval) {
  public ReachableRange {
    Objects.requireNonNull(module);
    Objects.requireNonNull(wire);
    Objects.requireNonNull(interval);
    if (elementBits < 1) {
      throw new IllegalArgumentException("an element has bits");
    }
  }

  /** Whether it says more than the wire's width does. */
  boolean isInformative() {
    IntegerType all = new IntegerType(elementBits, signed);
    return interval.low() > all.minimum() || interval.high() < all.maximum();
  }
}
