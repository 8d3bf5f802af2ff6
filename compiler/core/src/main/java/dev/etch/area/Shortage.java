// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A resource of which there is not enough.
 *
 * @param resource for a person: {@code LUT}, {@code DSP block}, {@code memory block}
 * @param needed so many are needed
 * @param available so many are there
 */
public record Shortage(String resource, long needed, long available) {
  /** What does not fit; empty if all does. */
  public static List<Shortage> of(long luts, long multipliers, long blocks, Device device) {
    List<Shortage> all = new ArrayList<>();
    add(all, "LUTs", luts, device.luts());
    add(all, "DSP blocks", multipliers, device.multipliers());
    add(all, "memory blocks", blocks, device.blocks());
    return all;
  }

  private static void add(List<Shortage> all, String resource, long needed, long available) {
    if (needed > available) {
      all.add(new Shortage(resource, needed, available));
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d %s, which is %,d more than the %,d there are",
        needed,
        resource,
        needed - available,
        available);
  }
}
