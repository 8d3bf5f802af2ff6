// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.report;

import dev.etch.templates.SafeText;
import dev.etch.templates.SafeText.Decimal;
import dev.etch.templates.SafeText.Markup;
import dev.etch.templates.Templates;
import dev.etch.templates.report.ReportData.AreaReport;
import dev.etch.templates.report.ReportData.BitsReport;
import dev.etch.templates.report.ReportData.CompressionReport;
import dev.etch.templates.report.ReportData.Cycles;
import dev.etch.templates.report.ReportData.ExternalReport;
import dev.etch.templates.report.ReportData.FormReport;
import dev.etch.templates.report.ReportData.PassReport;
import dev.etch.templates.report.ReportData.UnitReport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** report.html: one file without scripts or links to other files. */
final class ReportPage {
  /** What memories are for, in the order of the table. */
  private static final List<ToLongFunction<BitsReport>> USES =
      List.of(
          BitsReport::weights,
          BitsReport::positions,
          BitsReport::coded,
          BitsReport::codebook,
          BitsReport::flags,
          BitsReport::drains,
          BitsReport::tables,
          BitsReport::buffers);

  private ReportPage() {}

  /** The page. */
  static String render(ReportData report) {
    return Templates.render("report/report.html.vm", variables(report));
  }

  /** What the template sees. */
  public record Variables(
      Markup model,
      boolean hasArithmetic,
      Markup arithmetic,
      Markup target,
      Decimal clock,
      Markup clockSource,
      Decimal framesPerSecond,
      boolean measured,
      boolean agrees,
      CycleCard cyclesPerFrame,
      CycleCard latency,
      Decimal latencyMicroseconds,
      Decimal macs,
      Decimal nonzeroMacs,
      Decimal zeroPercent,
      Decimal denseToSparse,
      Decimal multipliers,
      Decimal macLanes,
      Decimal busyPercent,
      Decimal memoryKibibytes,
      Decimal weightKibibytes,
      AreaCells area,
      List<Row> rows,
      Totals totals,
      ReportGraph.Drawing graph,
      List<FormRow> forms,
      List<External> external,
      List<Pass> passes,
      boolean timed,
      List<Markup> warnings) {}

  /** A count of cycles, predicted and measured. */
  public record CycleCard(Decimal value, Decimal predicted, boolean measured) {}

  /** One unit in the charts and tables; bars are in thousandths of the longest. */
  public record Row(
      Markup name,
      Markup layer,
      Markup kind,
      boolean bottleneck,
      boolean multiplies,
      Decimal cycles,
      int cyclesBar,
      Decimal cyclesPercent,
      int multipliers,
      int macLanes,
      Decimal utilization,
      int utilizationBar,
      Decimal macs,
      Decimal nonzeroMacs,
      int nonzeroBar,
      int zeroBar,
      Decimal zeroPercent,
      List<Decimal> bits,
      Decimal memoryBits,
      int memoryBar,
      boolean hasWeights,
      Decimal bitsPerProduct,
      Decimal bitsPerWeight,
      Decimal entropyPerWeight,
      int fifoDepth,
      AreaCells area) {}

  /** Estimated cells. */
  public record AreaCells(Decimal luts, Decimal flipFlops, Decimal multipliers, Decimal blocks) {}

  /** Sums over the units. */
  public record Totals(List<Decimal> bits, Decimal memoryBits) {}

  /**
   * A layer in a form of compression.
   *
   * @param first whether it is the layer's first
   * @param total whether it is that of all layers
   */
  public record FormRow(
      Markup layer,
      Markup form,
      boolean first,
      boolean total,
      Decimal cycles,
      int cyclesBar,
      Decimal bits,
      int bitsBar,
      AreaCells area) {}

  /** What a unit reads from outside. */
  public record External(
      Markup unit,
      int dataBits,
      Decimal imageBytes,
      Decimal bytesPerFrame,
      Decimal busCycles,
      Decimal busPercent) {}

  /** One compiler pass. */
  public record Pass(Markup name, int before, int after, Decimal milliseconds) {}

  private static Variables variables(ReportData report) {
    Cycles cycles = report.cyclesPerFrame();
    long weightBits = report.units().stream().mapToLong(unit -> unit.bits().weights()).sum();
    long memoryBits = report.units().stream().mapToLong(UnitReport::memoryBits).sum();
    return new Variables(
        SafeText.markup(report.model()),
        !report.arithmetic().isEmpty(),
        SafeText.markup(report.arithmetic()),
        SafeText.markup(report.target()),
        SafeText.decimal(report.clockMHz(), 3),
        SafeText.markup(report.clock().words()),
        framesPerSecond(report.framesPerSecond()),
        cycles.measured() != null && report.latencyCycles().measured() != null,
        agrees(cycles) && agrees(report.latencyCycles()),
        card(cycles),
        card(report.latencyCycles()),
        SafeText.decimal(report.latencyCycles().best() / report.clockMHz(), 1),
        SafeText.grouped(report.macs()),
        SafeText.grouped(report.nonzeroMacs()),
        percent(report.macs() - report.nonzeroMacs(), report.macs()),
        SafeText.decimal((double) report.macs() / Math.max(1, report.nonzeroMacs()), 1),
        SafeText.grouped(report.multipliers()),
        SafeText.grouped(report.macLanes()),
        percent(report.nonzeroMacs(), report.macLanes() * cycles.best()),
        SafeText.decimal(memoryBits / 8192.0, 1),
        SafeText.decimal(weightBits / 8192.0, 1),
        area(report.area()),
        rows(report),
        new Totals(sums(report.units()), SafeText.grouped(memoryBits)),
        ReportGraph.draw(report),
        forms(report.compression()),
        report.external().stream().map(e -> external(e, cycles.best())).toList(),
        report.passes().stream().map(ReportPage::pass).toList(),
        !report.passes().isEmpty()
            && report.passes().stream().allMatch(p -> p.microseconds() != null),
        report.warnings().stream().map(SafeText::markup).toList());
  }

  private static Decimal framesPerSecond(double value) {
    return value < 100 ? SafeText.decimal(value, 1) : SafeText.grouped(Math.round(value));
  }

  private static boolean agrees(Cycles cycles) {
    return cycles.measured() == null || cycles.measured() == cycles.predicted();
  }

  private static CycleCard card(Cycles cycles) {
    return new CycleCard(
        SafeText.grouped(cycles.best()),
        SafeText.grouped(cycles.predicted()),
        cycles.measured() != null);
  }

  private static List<FormRow> forms(CompressionReport compression) {
    List<FormRow> rows = new ArrayList<>();
    compression.layers().forEach(layer -> addForms(layer.layer(), layer.forms(), false, rows));
    addForms("all", compression.all(), true, rows);
    return rows;
  }

  /** Bars are parts of the plain form. */
  private static void addForms(
      String layer, List<FormReport> forms, boolean total, List<FormRow> rows) {
    for (FormReport form : forms) {
      FormReport plain = forms.get(0);
      rows.add(
          new FormRow(
              SafeText.markup(layer),
              SafeText.markup(form.form()),
              form.equals(plain),
              total,
              SafeText.grouped(form.cycles()),
              bar(form.cycles(), Math.max(plain.cycles(), form.cycles())),
              SafeText.grouped(form.bits()),
              bar(form.bits(), Math.max(plain.bits(), form.bits())),
              area(form.area())));
    }
  }

  private static External external(ExternalReport unit, long cyclesPerFrame) {
    return new External(
        SafeText.markup(unit.unit()),
        unit.dataBits(),
        SafeText.grouped(unit.imageBytes()),
        SafeText.grouped(unit.beatsPerFrame() * unit.dataBits() / Byte.SIZE),
        SafeText.grouped(unit.busCyclesPerFrame()),
        percent(unit.busCyclesPerFrame(), cyclesPerFrame));
  }

  private static Pass pass(PassReport pass) {
    return new Pass(
        SafeText.markup(pass.name()),
        pass.nodesBefore(),
        pass.nodesAfter(),
        SafeText.decimal(pass.microseconds() == null ? 0 : pass.microseconds() / 1000.0, 1));
  }

  private static List<Row> rows(ReportData report) {
    Maxima maxima = Maxima.of(report.units());
    List<Row> rows = new ArrayList<>();
    for (UnitReport unit : report.units()) {
      rows.add(row(unit, maxima, report.cyclesPerFrame().predicted()));
    }
    return rows;
  }

  private static List<Decimal> sums(List<UnitReport> units) {
    return USES.stream()
        .map(use -> units.stream().mapToLong(unit -> use.applyAsLong(unit.bits())).sum())
        .map(SafeText::grouped)
        .toList();
  }

  private record Maxima(long cycles, long macs, long memoryBits) {
    static Maxima of(List<UnitReport> units) {
      return new Maxima(
          units.stream().mapToLong(UnitReport::cyclesPerFrame).max().orElse(0),
          units.stream().mapToLong(UnitReport::macs).max().orElse(0),
          units.stream().mapToLong(UnitReport::memoryBits).max().orElse(0));
    }
  }

  private static Row row(UnitReport unit, Maxima maxima, long cyclesPerFrame) {
    return new Row(
        SafeText.markup(unit.name()),
        SafeText.markup(unit.layer()),
        SafeText.markup(unit.kind()),
        unit.bottleneck(),
        unit.multipliers() > 0 || unit.utilization() > 0,
        SafeText.grouped(unit.cyclesPerFrame()),
        bar(unit.cyclesPerFrame(), maxima.cycles()),
        percent(unit.cyclesPerFrame(), cyclesPerFrame),
        unit.multipliers(),
        unit.macLanes(),
        SafeText.decimal(unit.utilization() * 100, 1),
        (int) Math.round(unit.utilization() * 1000),
        SafeText.grouped(unit.macs()),
        SafeText.grouped(unit.nonzeroMacs()),
        bar(unit.nonzeroMacs(), maxima.macs()),
        bar(unit.macs() - unit.nonzeroMacs(), maxima.macs()),
        percent(unit.macs() - unit.nonzeroMacs(), unit.macs()),
        sums(List.of(unit)),
        SafeText.grouped(unit.memoryBits()),
        bar(unit.memoryBits(), maxima.memoryBits()),
        unit.bitsPerProduct() > 0,
        SafeText.decimal(unit.bitsPerProduct(), 1),
        SafeText.decimal(unit.bitsPerWeight(), 1),
        SafeText.decimal(unit.entropyPerWeight(), 1),
        unit.fifoDepth(),
        area(unit.area()));
  }

  private static AreaCells area(AreaReport area) {
    return new AreaCells(
        SafeText.grouped(area.luts()),
        SafeText.grouped(area.flipFlops()),
        SafeText.grouped(area.multipliers()),
        SafeText.grouped(area.blocks()));
  }

  private static int bar(long value, long longest) {
    return longest == 0 ? 0 : (int) Math.round(1000.0 * value / longest);
  }

  private static Decimal percent(long part, long whole) {
    return SafeText.decimal(whole == 0 ? 0 : 100.0 * part / whole, 1);
  }
}
