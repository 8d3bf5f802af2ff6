// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.Netlist;
import dev.etch.hardware.Unit;
import dev.etch.hardware.memory.Memory;

/**
 * What more than one buffer of the memories that the host loads takes: memories of so many times
 * the words, in place of those that the areas of units count.
 *
 * @param buffers of each memory
 */
record LoadedBuffers(Fabric fabric, int buffers) {
  /** What a unit takes beside its area with one buffer. */
  Area beside(Unit unit) {
    if (buffers == 1) {
      return Area.NONE;
    }
    return Netlist.loaded(unit).stream().map(this::beside).reduce(Area.NONE, Area::plus);
  }

  private Area beside(Memory memory) {
    int width = memory.width();
    Area one =
        memory.isCoded() ? fabric.filled(memory.words(), width) : area(memory.words(), width);
    return area(buffers * memory.words(), width).plus(one.times(-1));
  }

  private Area area(int words, int width) {
    return fabric.memories().synchronous(fabric, words, width);
  }
}
