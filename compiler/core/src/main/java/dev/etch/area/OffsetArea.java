// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.requantizer.Offset;

/** {@code OffsetHardware} in the Verilog: an adder, unless all offsets are zero. */
final class OffsetArea {
  private OffsetArea() {}

  static Area of(Offset form, RequantizerPlace place) {
    OutputConstants offsets = place.constants(form.offsets());
    int bits = place.accumulatorBits();
    Area sum = offsets.areZero() ? Area.NONE : Area.luts(place.fabric().adder(bits));
    return sum.plus(offsets.memory(place.fabric(), bits))
        .plus(Area.flipFlops(bits * (double) offsets.registers()))
        .plus(place.delayedFrom(0));
  }
}
