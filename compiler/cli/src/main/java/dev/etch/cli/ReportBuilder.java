// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.area.Area;
import dev.etch.area.DesignArea;
import dev.etch.graph.Graph;
import dev.etch.graph.MultiplyAccumulates;
import dev.etch.graph.Node;
import dev.etch.graph.WeightEntropy;
import dev.etch.hardware.Design;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.MemoryMap;
import dev.etch.hardware.Netlist;
import dev.etch.hardware.Stream;
import dev.etch.hardware.Unit;
import dev.etch.hardware.memory.Memory;
import dev.etch.hardware.memory.MemoryBits;
import dev.etch.lower.LoweredModel;
import dev.etch.lower.LoweredModel.Meaning;
import dev.etch.schedule.CompressionWorth;
import dev.etch.schedule.FormCost;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.schedule.UnitStatistics;
import dev.etch.templates.report.ReportData;
import dev.etch.templates.report.ReportData.AreaReport;
import dev.etch.templates.report.ReportData.BitsReport;
import dev.etch.templates.report.ReportData.CompressionReport;
import dev.etch.templates.report.ReportData.Cycles;
import dev.etch.templates.report.ReportData.ExternalReport;
import dev.etch.templates.report.ReportData.FormReport;
import dev.etch.templates.report.ReportData.LayerForms;
import dev.etch.templates.report.ReportData.StreamReport;
import dev.etch.templates.report.ReportData.UnitReport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a compilation has to report. */
final class ReportBuilder {
  private final Compilation compilation;
  private final ScheduledDesign scheduled;
  private final Design design;
  private final DesignArea area;
  private final Map<Stream, Memory> queues;

  private ReportBuilder(Compilation compilation) {
    this.compilation = compilation;
    this.scheduled = compilation.scheduled();
    this.design = compilation.design();
    this.area = compilation.area();
    this.queues = Netlist.queues(design);
  }

  static ReportData report(Compilation compilation) {
    return new ReportBuilder(compilation).report();
  }

  private ReportData report() {
    MultiplyAccumulates work = compilation.work();
    return new ReportData(
        compilation.graph().name(),
        FrameworkArithmetic.of(compilation.graph()).orElse(""),
        scheduled.mapping().target().id(),
        compilation.clock(),
        work.all(),
        work.nonzero(),
        scheduled.multipliers(),
        scheduled.macLanes(),
        Cycles.predictedOnly(scheduled.prediction().cyclesPerFrame()),
        Cycles.predictedOnly(scheduled.prediction().latencyCycles()),
        cells(area.total()),
        units(),
        design.depths().keySet().stream().map(this::stream).toList(),
        compression(),
        external(),
        List.of(),
        compilation.warnings());
  }

  private CompressionReport compression() {
    CompressionWorth worth = CompressionWorth.of(scheduled, area);
    return new CompressionReport(
        worth.layers().stream()
            .map(layer -> new LayerForms(layer.unit(), layer.layer(), forms(layer.forms())))
            .toList(),
        forms(worth.all()));
  }

  private static List<FormReport> forms(List<FormCost> costs) {
    return costs.stream()
        .map(
            cost ->
                new FormReport(cost.form().words(), cost.cycles(), cost.bits(), cells(cost.area())))
        .toList();
  }

  private List<ExternalReport> external() {
    return MemoryMap.of(design).stream()
        .flatMap(map -> map.regions().stream().map(region -> external(map.memory(), region)))
        .toList();
  }

  private static ExternalReport external(ExternalMemory memory, MemoryMap.Region region) {
    long beats = region.words().beatsPerFrame();
    return new ExternalReport(
        region.unit(),
        memory.dataBits(),
        (long) region.beats() * memory.beatBytes(),
        beats,
        memory.cycles(beats),
        Netlist.queue(memory).bits());
  }

  private List<UnitReport> units() {
    Map<String, Work> work = workByLayer();
    long slowest =
        scheduled.statistics().stream().mapToLong(UnitStatistics::cyclesPerFrame).max().orElse(0);
    return scheduled.statistics().stream()
        .map(s -> unit(s, s.cyclesPerFrame() == slowest, work))
        .toList();
  }

  private static AreaReport cells(Area area) {
    return new AreaReport(
        area.wholeLuts(), area.wholeFlipFlops(), area.wholeMultipliers(), area.wholeBlocks());
  }

  private static BitsReport bits(MemoryBits bits) {
    return new BitsReport(
        bits.weights(),
        bits.positions(),
        bits.coded(),
        bits.codebook(),
        bits.flags(),
        bits.drains(),
        bits.tables(),
        bits.buffers());
  }

  private UnitReport unit(UnitStatistics unit, boolean bottleneck, Map<String, Work> work) {
    Work own = unit.hasWeights() ? work.getOrDefault(unit.layer(), Work.NONE) : Work.NONE;
    return new UnitReport(
        unit.name(),
        unit.layer(),
        unit.kind(),
        unit.cyclesPerFrame(),
        unit.multipliers(),
        unit.macLanes(),
        unit.utilization(),
        bits(unit.bits()),
        thousandths(unit.bitsPerProduct()),
        thousandths(own.bitsPerWeight(unit.bits())),
        thousandths(own.entropy().bitsPerWeight()),
        unit.fifoDepth(),
        bottleneck,
        own.products().all(),
        own.products().nonzero(),
        cells(area.units().get(unit.name())));
  }

  private static double thousandths(double number) {
    return Math.round(number * 1000) / 1000.0;
  }

  /**
   * What a layer's weights mean.
   *
   * @param products of a frame
   */
  private record Work(MultiplyAccumulates products, WeightEntropy entropy) {
    static final Work NONE = new Work(MultiplyAccumulates.NONE, WeightEntropy.NONE);

    double bitsPerWeight(MemoryBits bits) {
      return entropy.nonzero() == 0 ? 0 : (double) bits.schedule() / entropy.nonzero();
    }
  }

  private Map<String, Work> workByLayer() {
    Graph graph = scheduled.lowered().model().accelerator();
    var producers = graph.producers();
    Map<String, Work> work = new HashMap<>();
    for (Node node : graph.nodes()) {
      work.put(
          node.name(),
          new Work(MultiplyAccumulates.of(node, producers), WeightEntropy.of(node, producers)));
    }
    return work;
  }

  private StreamReport stream(Stream stream) {
    LoweredModel lowered = scheduled.lowered();
    Optional<Meaning> meaning = Optional.ofNullable(lowered.meanings().get(stream));
    return new StreamReport(
        stream.name(),
        design.units().stream()
            .filter(u -> u.outputs().contains(stream))
            .findFirst()
            .map(Unit::name)
            .orElse(null),
        design.units().stream()
            .filter(u -> u.inputs().contains(stream))
            .findFirst()
            .map(Unit::name)
            .orElse(null),
        meaning.map(m -> m.value().type().shape().dimensions()).orElse(List.of()),
        stream.type().element().toString(),
        stream.type().elements(),
        stream.beatsPerFrame(),
        design.depths().get(stream),
        scheduled.prediction().peaks().getOrDefault(stream, 0),
        Optional.ofNullable(queues.get(stream)).map(Memory::bits).orElse(0L));
  }
}
