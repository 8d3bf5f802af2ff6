// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.hardware.Target;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExpectedClockTest {
  @ParameterizedTest
  @EnumSource(SpeedGrade.class)
  void clocksChangeGraduallyWithTheSize(SpeedGrade grade) {
    double before = grade.megahertz(1);
    for (double luts = 1; luts < 1e6; luts *= 1.01) {
      double megahertz = grade.megahertz(luts);
      assertTrue(megahertz > 10 && Math.abs(megahertz - before) < 2, luts + ": " + megahertz);
      before = megahertz;
    }
  }

  @Test
  void theDeviceIsTheSmallestThatFits() {
    assertEquals(Optional.of(Device.ECP5_25K), device(new Area(20_000, 1, 28, 56)));
    assertEquals(Optional.of(Device.ECP5_45K), device(new Area(20_000, 1, 29, 56)));
    assertEquals(Optional.of(Device.ECP5_85K), device(new Area(900_000, 1, 29, 56)));
  }

  private static Optional<Device> device(Area area) {
    return ExpectedClock.of(Target.ECP5, Optional.empty(), area).device();
  }

  @Test
  void withoutADeviceNothingIsKnown() {
    assertEquals(
        new ExpectedClock(100, Optional.empty()),
        ExpectedClock.of(Target.GENERIC, Optional.empty(), new Area(1, 1, 1, 1)));
  }

  @Test
  void noDesignIsExpectedToBeFasterThanTheFastest() {
    for (Device device : Device.values()) {
      assertTrue(
          SpeedGrade.fastest(device.target()) >= device.speedGrade().megahertz(3_000), device.id());
    }
  }
}
