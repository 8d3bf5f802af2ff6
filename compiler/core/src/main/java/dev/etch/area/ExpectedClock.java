// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.Target;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The clock that a design is expected to reach before anything has placed it.
 *
 * @param megahertz highest clock
 * @param device that it holds for; empty on a generic target, where it is not more than an
 *     assumption
 */
public record ExpectedClock(double megahertz, Optional<Device> device) {
  /**
   * On the device that is given, else on the smallest of the family that the design fits, else on
   * the largest.
   */
  public static ExpectedClock of(Target target, Optional<Device> wanted, Area area) {
    if (target == Target.GENERIC) {
      return new ExpectedClock(SpeedGrade.fastest(target), Optional.empty());
    }
    Device device = wanted.orElseGet(() -> smallest(target, area));
    double megahertz = device.speedGrade().megahertz(area.luts());
    return new ExpectedClock(Math.rint(megahertz), Optional.of(device));
  }

  private static Device smallest(Target target, Area area) {
    List<Device> bySize =
        Device.of(target).stream().sorted(Comparator.comparing(Device::luts)).toList();
    return bySize.stream()
        .filter(device -> device.holds(area))
        .findFirst()
        .orElse(bySize.get(bySize.size() - 1));
  }
}
