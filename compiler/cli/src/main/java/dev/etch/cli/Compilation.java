// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.area.DesignArea;
import dev.etch.graph.Graph;
import dev.etch.graph.MultiplyAccumulates;
import dev.etch.hardware.Design;
import dev.etch.schedule.Budget;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.templates.report.ClockReport;
import dev.etch.text.DesignPrinter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;

/** Everything that the compiler knows about one accelerator. */
final class Compilation {
  private final Graph graph;
  private final ScheduledDesign scheduled;
  private final List<String> warnings;
  private final String designText;
  private final DesignArea area;
  private final ClockReport clock;

  /**
   * A compilation.
   *
   * @param graph the model as it was imported
   * @param scheduled the hardware with its schedule and prediction
   * @param area the estimated cells on the mapping's target
   * @param clock that it runs at, as far as it is known
   * @param warnings ready to print
   */
  Compilation(
      Graph graph,
      ScheduledDesign scheduled,
      DesignArea area,
      ClockReport clock,
      List<String> warnings) {
    this.graph = graph;
    this.scheduled = scheduled;
    this.warnings = List.copyOf(warnings);
    this.designText = DesignPrinter.print(design());
    this.area = area;
    this.clock = clock;
  }

  /** The model as it was imported. */
  Graph graph() {
    return graph;
  }

  /** The hardware with its schedule and prediction. */
  ScheduledDesign scheduled() {
    return scheduled;
  }

  /** Ready to print. */
  List<String> warnings() {
    return warnings;
  }

  Design design() {
    return scheduled.lowered().design();
  }

  /** The hardware as text. */
  String designText() {
    return designText;
  }

  /** Tells designs apart; the driver refuses a bitstream with another value. */
  int designHash() {
    CRC32 crc = new CRC32();
    crc.update(designText.getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }

  /** The estimated cells on the mapping's target. */
  DesignArea area() {
    return area;
  }

  /** The clock that it runs at, as far as it is known. */
  ClockReport clock() {
    return clock;
  }

  MultiplyAccumulates work() {
    return MultiplyAccumulates.of(scheduled.lowered().model().accelerator());
  }

  /** One paragraph for a person. */
  String summary() {
    long cycles = scheduled.prediction().cyclesPerFrame();
    double rate = clock.mhz() * 1e6 / cycles;
    MultiplyAccumulates work = work();
    return String.format(
            Locale.ROOT,
            "%s: %,d MACs a frame, %,d of them nonzero; %d multipliers; %,d cycles per frame, "
                + "latency %,d cycles (predicted); %,.0f frames/s at %s MHz (%s)",
            design().name(),
            work.all(),
            work.nonzero(),
            scheduled.multipliers(),
            cycles,
            scheduled.prediction().latencyCycles(),
            rate,
            Math.rint(clock.mhz() * 10) / 10,
            clock.words())
        + areaSummary();
  }

  private String areaSummary() {
    Map<String, Long> taken = Budget.Resources.taken(area().total(), scheduled.mapping().target());
    return String.format(
        Locale.ROOT,
        "; about %,d LUTs, %,d DSP blocks, %,d memory blocks",
        taken.get("lut"),
        taken.get("dsp"),
        taken.get("bram"));
  }
}
