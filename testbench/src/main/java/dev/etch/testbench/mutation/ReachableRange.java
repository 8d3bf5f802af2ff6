// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import dev.etch.exact.Interval;
import dev.etch.tensor.IntegerType;
import java.util.List;
import java.util.Objects;

/**
 * What the elements that a wire carries can be, as the compiler's range analysis proves.
 *
 * @param module of the Verilog
 * @param wire in it: an input or a register
 * @param elementBits of an element; the wire carries one or more, the first in the lowest bits
 * @param signed whether the elements are
 * @param intervals that no element leaves: one an element, or one for all
 */
public record ReachableRange(
    String module, String wire, int elementBits, boolean signed, List<Interval> intervals) {
  public ReachableRange {
    Objects.requireNonNull(module);
    Objects.requireNonNull(wire);
    intervals = List.copyOf(intervals);
    if (intervals.isEmpty()) {
      throw new IllegalArgumentException("a wire carries elements");
    }
    if (elementBits < 1) {
      throw new IllegalArgumentException("an element has bits");
    }
  }

  /** The same for all elements. */
  static ReachableRange ofAll(
      String module, String wire, int elementBits, boolean signed, Interval interval) {
    return new ReachableRange(module, wire, elementBits, signed, List.of(interval));
  }

  /** What an element can be. */
  Interval interval(int element) {
    return intervals.get(intervals.size() == 1 ? 0 : element);
  }

  /** Whether it says more than the wire's width does. */
  boolean isInformative() {
    IntegerType all = new IntegerType(elementBits, signed);
    return intervals.stream()
        .anyMatch(each -> each.low() > all.minimum() || each.high() < all.maximum());
  }
}
