// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.area.Area;
import dev.etch.area.Device;
import dev.etch.area.ExpectedClock;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.Location;
import dev.etch.schedule.Mapping;
import dev.etch.templates.report.ClockReport;
import java.math.BigDecimal;
import java.util.Locale;

/** The clock of a design that was not placed yet, beside the one that is asked for. */
final class Clocks {
  /** How far above what is expected place and route aims if nobody asked for a clock. */
  private static final double AMBITION = 1.25;

  private Clocks() {}

  /** What is expected of a design of that size, at most what the mapping asks for. */
  static ClockReport report(Mapping mapping, Area area) {
    ExpectedClock expected = ExpectedClock.of(mapping.target(), mapping.device(), area);
    return expected
        .device()
        .map(device -> on(device, expected.megahertz(), mapping))
        .orElseGet(() -> ClockReport.assumed(mapping.clockMegahertz()));
  }

  private static ClockReport on(Device device, double megahertz, Mapping mapping) {
    Double required = mapping.clock().required() ? mapping.clockMegahertz() : null;
    return ClockReport.estimated(megahertz, device.id(), device.speedGrade().label(), required);
  }

  /** Warns of a clock that designs of this size are not expected to reach. */
  static void check(String model, ClockReport clock, DiagnosticCollector diagnostics) {
    if (clock.requiredMHz() != null && clock.mhz() < clock.requiredMHz()) {
      diagnostics.warning(
          Location.option("--clock"),
          String.format(
              Locale.ROOT,
              "%s MHz is more than %s is expected to reach on %s, %s: about %.0f MHz, with which"
                  + " frames per second are counted",
              plain(clock.requiredMHz()),
              model,
              clock.device(),
              clock.speedGrade(),
              clock.mhz()),
          "ask for a lower clock, fewer multipliers or a faster device; etch synth --route measures"
              + " what the design reaches");
    }
  }

  private static String plain(double megahertz) {
    return BigDecimal.valueOf(megahertz).stripTrailingZeros().toPlainString();
  }

  /** What constraint files ask for. */
  static double constraint(ClockReport clock) {
    return clock.requiredMHz() == null ? clock.mhz() : clock.requiredMHz();
  }

  /** What place and route on a device aims at: more than is expected, to see what there is. */
  static double aim(Mapping mapping, Device device, long luts) {
    return mapping.clock().required()
        ? mapping.clockMegahertz()
        : Math.rint(device.speedGrade().megahertz(luts) * AMBITION);
  }
}
