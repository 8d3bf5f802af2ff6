// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A fabric at one of the speeds that its vendor sells, and the clocks that designs reach on it by
 * their size. The measurements, with commands and tools, are in {@code docs/benchmarks.md} under
 * "Clock table"; clocks are medians of the seeds that were routed.
 */
public enum SpeedGrade {
  /** AMD 7 series, the slowest: twice the longest path through cells, which no open tool routes. */
  XC7("speed grade -1", at(30_000, 80)),
  /** Lattice ECP5, the slowest. */
  ECP5("speed grade 6", at(2_300, 108), at(3_000, 130), at(9_000, 97)),
  /** Lattice iCE40 UltraPlus, of which there is one. */
  ICE40_UP("UltraPlus", at(2_300, 42)),
  /** Lattice iCE40 HX. */
  ICE40_HX("HX", at(2_300, 89)),
  /** Gowin LittleBee. */
  GW1N("C6/I5", at(2_600, 58)),
  /** Gowin Arora. */
  GW2A("C8/I7", at(2_600, 172)),
  /** Lattice Nexus, the slowest. */
  NEXUS("speed grade 7", at(2_000, 173));

  /** The clock in MHz that is assumed where there is no device. */
  private static final double NO_DEVICE = 100;

  private final String label;
  private final List<Measured> measured;

  /** A design, or several of about that size. */
  private record Measured(double luts, double megahertz) {}

  SpeedGrade(String label, Measured... measured) {
    this.label = label;
    this.measured = List.of(measured);
  }

  private static Measured at(double luts, double megahertz) {
    return new Measured(luts, megahertz);
  }

  /** The vendor's name of the speed. */
  public String label() {
    return label;
  }

  /**
   * The highest clock in MHz that a design is expected to reach: between the measured ones by the
   * logarithm of the size, beyond them as at the nearest.
   */
  public double megahertz(double luts) {
    Measured below = measured.get(0);
    for (Measured above : measured) {
      if (luts <= above.luts()) {
        return between(below, above, luts);
      }
      below = above;
    }
    return below.megahertz();
  }

  private static double between(Measured below, Measured above, double luts) {
    if (luts <= below.luts() || below.equals(above)) {
      return below.megahertz();
    }
    double part = Math.log(luts / below.luts()) / Math.log(above.luts() / below.luts());
    return below.megahertz() + part * (above.megahertz() - below.megahertz());
  }

  private double fastest() {
    return measured.stream().mapToDouble(Measured::megahertz).max().orElseThrow();
  }

  /** The fastest clock that a design of any size reaches on a device of the family. */
  public static double fastest(Target target) {
    return fastest(target, Optional.empty());
  }

  /** The same on a device; on any of the family if none is given. */
  public static double fastest(Target target, Optional<Device> device) {
    return target == Target.GENERIC
        ? NO_DEVICE
        : Arrays.stream(Device.values())
            .filter(each -> device.map(each::equals).orElse(each.target() == target))
            .mapToDouble(each -> each.speedGrade().fastest())
            .max()
            .orElseThrow();
  }
}
