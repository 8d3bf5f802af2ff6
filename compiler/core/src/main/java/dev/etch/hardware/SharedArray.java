// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.List;

/**
 * Multipliers, each with its adder and accumulator and for one product a cycle, that several {@link
 * WindowUnit}s use in turn. Lane l of every member works on multiplier l; there are as many as the
 * member with the most lanes has. All else is the member's own: window buffer, schedule, holding
 * registers, drains, requantizers.
 *
 * <p><b>The rule, in every cycle.</b> The array is <i>free</i> if no member is in RUN(i) with i
 * &lt; steps - 1: nobody runs, or the one that runs does its last step. A member <i>asks</i> if it
 * is in a state that decides in this cycle (IDLE, RUN(steps - 1) or PAUSE(pause - 1)) and a pixel
 * may start. If the array is free, the last of the members that ask, in the order of {@code units},
 * is <i>granted</i>: RUN(0) is its next state. For every other member it is as if no pixel may
 * start: IDLE stays IDLE, RUN(steps - 1) is followed by PAUSE(0) or IDLE, PAUSE(pause - 1) by IDLE.
 * So runs of different members follow each other without a gap, and at most one member is in RUN. A
 * member drains while another one runs, since drains use holding registers only.
 *
 * <p>Since {@code units} go with the data flow, what is nearest to the output is served first. This
 * cannot starve anyone: a member can only go on for as long as those before it have delivered. It
 * cannot lock up either: a run never waits, so nobody holds the array while waiting for another.
 *
 * @param name Verilog name, different from those of units
 * @param units names of the members, at least two, in the order of the design's units; all multiply
 */
public record SharedArray(String name, List<String> units) {
  public SharedArray {
    Identifiers.requireLegal(name);
    units = List.copyOf(units);
    if (units.size() < 2) {
      throw new IllegalArgumentException("array " + name + " is shared by fewer than two units");
    }
  }
}
