// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.area.DesignArea;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.PartitionedModel;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Clock;
import dev.etch.schedule.Mapping;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.schedule.Scheduler;
import dev.etch.templates.report.ClockReport;
import java.util.Locale;

/**
 * Schedules for a clock that the design is expected to reach. Frames a second become cycles by a
 * clock, the clock follows from the size, and the size from the cycles: so the clock of each try is
 * what the design of the try before is expected to reach.
 */
final class RateSearch {
  /** Tries at most. */
  private static final int MOST_TRIES = 6;

  private RateSearch() {}

  /** A design, its cells and its clock. */
  record Found(ScheduledDesign scheduled, DesignArea area, ClockReport clock) {
    private boolean keeps(double rate) {
      return clock.mhz() * 1e6 / scheduled.prediction().cyclesPerFrame() >= rate;
    }
  }

  /** Schedules what the mapping asks for; the design keeps the mapping's clock. */
  static Found schedule(PartitionedModel model, Mapping mapping, DiagnosticCollector diagnostics) {
    DiagnosticCollector messages = copy(diagnostics);
    Found found = once(model, mapping, mapping, messages);
    if (mapping.budget().orElse(null) instanceof Budget.FramesPerSecond frames) {
      for (int tries = 1; !found.keeps(frames.rate()); tries++) {
        if (tries == MOST_TRIES) {
          throw tooFast(frames.rate(), found);
        }
        messages = copy(diagnostics);
        Mapping slower = mapping.withClock(Clock.assumed(found.clock().mhz()));
        found = once(model, slower, mapping, messages);
      }
    }
    int known = diagnostics.diagnostics().size();
    messages.diagnostics().stream().skip(known).forEach(diagnostics::report);
    return found;
  }

  private static DiagnosticCollector copy(DiagnosticCollector diagnostics) {
    DiagnosticCollector copy = new DiagnosticCollector();
    diagnostics.diagnostics().forEach(copy::report);
    return copy;
  }

  private static DiagnosticException tooFast(double rate, Found found) {
    return new DiagnosticException(
        Location.option("--fps"),
        String.format(
            Locale.ROOT,
            "no design was found that gives %,.0f frames a second at the clock it is expected to"
                + " reach; %,d cycles a frame at %.0f MHz came nearest",
            rate,
            found.scheduled().prediction().cyclesPerFrame(),
            found.clock().mhz()),
        "ask for a lower rate, or give --cycles");
  }

  private static Found once(
      PartitionedModel model, Mapping tried, Mapping asked, DiagnosticCollector messages) {
    ScheduledDesign scheduled = Scheduler.schedule(model, tried, messages);
    DesignArea area = DesignArea.of(scheduled.lowered().design(), asked.target());
    return new Found(scheduled.withClock(asked.clock()), area, Clocks.report(asked, area.total()));
  }
}
