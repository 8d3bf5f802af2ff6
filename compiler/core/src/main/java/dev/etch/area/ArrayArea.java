// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import java.util.List;

/**
 * The area of an array of multipliers that units share, {@code MultiplierArray} in the Verilog: for
 * each lane the selection of an operand and a weight, a product, and an accumulator.
 */
final class ArrayArea {
  /**
   * Tables and registers of a lane's flags: does a step count, is it a part's last, or its first.
   */
  private static final double FLAGS = 3;

  private final Fabric fabric;
  private final List<WindowShape> members;

  /** An array. */
  ArrayArea(Fabric fabric, List<WindowShape> members) {
    this.fabric = fabric;
    this.members = List.copyOf(members);
  }

  /** All of it. */
  Area all() {
    int lanes = members.stream().mapToInt(WindowShape::lanes).max().orElse(0);
    Area area = Area.luts(members.size() * fabric.condition(members.size() + 1.0));
    for (int lane = 0; lane < lanes; lane++) {
      area = area.plus(lane(lane));
    }
    return area;
  }

  private Area lane(int lane) {
    long sharing = members.stream().filter(member -> member.lanes() > lane).count();
    int operand = members.stream().mapToInt(WindowShape::operandBits).max().orElse(0);
    int weight = members.stream().mapToInt(WindowShape::weightBits).max().orElse(0);
    int value = members.stream().mapToInt(WindowShape::valueBits).max().orElse(0);
    // a bit of each unit that has the lane, and whether it runs
    double selection = (operand + weight) * fabric.condition(2.0 * sharing);
    double flags = fabric.condition(sharing) + fabric.condition(2.0 * sharing) + FLAGS;
    // operand, weight and product, unless they are in the DSP block
    double registers = fabric.packsRegisters() ? 0 : 2.0 * (operand + weight);
    return fabric
        .product(operand, Math.max(1, weight))
        .plus(new Area(selection + flags + fabric.adder(value), registers + value + FLAGS, 0, 0));
  }
}
