// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.Stream;
import dev.etch.hardware.Target;

/** {@code BeatQueue} in the Verilog. */
public final class QueueArea {
  /** Bits up to which Yosys takes registers for a queue's memory: two beats of 8 bits. */
  private static final int FEW_BITS = 16;

  private QueueArea() {}

  /**
   * A queue.
   *
   * @param width bits of a beat; 0 if it only counts beats
   * @param depth beats
   */
  public static Area of(int width, int depth, Target target) {
    Fabric fabric = Fabric.of(target);
    int pointer = Fabric.bits(depth);
    int occupancy = Fabric.bits(depth + 1);
    // two pointers, a counter that goes both ways, and the two flags
    double luts = 2.0 * pointer + 2.0 * occupancy + 2;
    Area control = new Area(luts, 2.0 * pointer + occupancy, 0, 0);
    if (width == 0) {
      return control;
    }
    if (depth * width <= FEW_BITS) {
      return control.plus(MemoryRules.registers(fabric, depth, width));
    }
    if (depth <= Stream.DEEPEST_IN_TABLES) {
      return control.plus(fabric.memories().asynchronous(fabric, depth, width));
    }
    return control
        .plus(fabric.memories().synchronous(fabric, depth, width))
        .plus(new Area(width + fabric.condition(2.0 * pointer), width + 1.0, 0, 0));
  }
}
