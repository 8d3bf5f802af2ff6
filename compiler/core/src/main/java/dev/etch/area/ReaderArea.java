// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.Design;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.MemoryMap;
import dev.etch.hardware.Target;

/** {@code MemoryReader} in the Verilog: what reads words from outside, with its queues. */
final class ReaderArea {
  /** Registers that the host writes, and flags. */
  private static final double CONTROL = 24;

  /** Bits of an address that are added up. */
  private static final int ADDRESS_BITS = Integer.SIZE;

  private ReaderArea() {}

  /** That of a design; nothing if it reads no words from outside. */
  static Area of(Design design, Target target) {
    return MemoryMap.of(design).map(map -> of(map, target)).orElse(Area.NONE);
  }

  private static Area of(MemoryMap map, Target target) {
    Fabric fabric = Fabric.of(target);
    int place = Fabric.bits(map.beats());
    int room = Fabric.bits(map.memory().queueBeats()) + 1;
    int regions = map.regions().size();
    Area each =
        new Area(
                2 * fabric.adder(place) + 2 * fabric.adder(room) + place * fabric.multiplexer(2),
                place + room,
                0,
                0)
            .plus(QueueArea.of(map.memory().dataBits(), map.memory().queueBeats(), target));
    double luts = CONTROL + fabric.adder(ADDRESS_BITS) + place * fabric.multiplexer(regions);
    double registers = CONTROL + 3.0 * ADDRESS_BITS + map.memory().dataBits();
    return new Area(luts, registers, 0, 0).plus(each.times(regions)).plus(ends(map, fabric, place));
  }

  /** Where the streams end that may be others later: registers in place of constants. */
  private static Area ends(MemoryMap map, Fabric fabric, int place) {
    long loaded = map.regions().stream().filter(region -> region.words().crc().isPresent()).count();
    int ofBurst = Fabric.bits(ExternalMemory.BURST_BEATS) + 1;
    return new Area(fabric.adder(place) + 2 * fabric.adder(ofBurst), place + ofBurst, 0, 0)
        .times((int) loaded);
  }
}
