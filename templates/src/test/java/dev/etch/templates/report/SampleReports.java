// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.report;

import dev.etch.templates.report.ReportData.AreaReport;
import dev.etch.templates.report.ReportData.BitsReport;
import dev.etch.templates.report.ReportData.CompressionReport;
import dev.etch.templates.report.ReportData.Cycles;
import dev.etch.templates.report.ReportData.ExternalReport;
import dev.etch.templates.report.ReportData.FormReport;
import dev.etch.templates.report.ReportData.LayerForms;
import dev.etch.templates.report.ReportData.PassReport;
import dev.etch.templates.report.ReportData.StreamReport;
import dev.etch.templates.report.ReportData.UnitReport;
import java.util.ArrayList;
import java.util.List;

/** Reports of made-up designs for the tests of this package. */
final class SampleReports {
  private final List<UnitReport> units = new ArrayList<>();
  private final List<StreamReport> streams = new ArrayList<>();
  private String last;

  private SampleReports() {}

  /** A chain in the shape of LeNet-5. */
  static ReportData chain() {
    SampleReports sample = new SampleReports();
    sample.unit("conv1", "/conv1/Conv", "conv", 12_480, 4, 288_000, 60_000);
    sample.stream("conv1_in", null, "conv1", List.of(1, 1, 28, 28), 784);
    sample.next("pool1", "/pool1/MaxPool", "maxpool", 11_520, 0, 0, 0);
    sample.next("conv2", "/conv2/Conv", "conv", 13_120, 16, 1_600_000, 206_000);
    sample.next("pool2", "/pool2/MaxPool", "maxpool", 3_200, 0, 0, 0);
    sample.next("fc1", "/fc1/Gemm", "dense", 9_800, 4, 400_000, 39_000);
    sample.next("fc2", "/fc2/Gemm", "dense", 2_600, 1, 5_000, 2_580);
    sample.finish();
    return sample.build("lenet5_pruned", Cycles.predictedOnly(13_120));
  }

  /** Ten residual blocks: 32 units. */
  static ReportData residual() {
    SampleReports sample = new SampleReports();
    sample.unit("stem", "model/stem/Conv2D", "conv", 51_000, 8, 442_368, 440_000);
    sample.stream("stem_in", null, "stem", List.of(1, 3, 32, 32), 1024);
    for (int block = 1; block <= 7; block++) {
      String prefix = "block_" + block + "_";
      sample.next(prefix + "fork", prefix + "fork", "fork", 16_384, 0, 0, 0);
      String fork = sample.last;
      String layer = "functional_1/activation_" + block + "/";
      sample.next(
          prefix + "conv_a", layer + "conv_a;bias", "conv", 55_000, 42, 2_359_296, 2_340_000);
      sample.next(
          prefix + "conv_b", layer + "conv_b;bias", "conv", 58_900, 40, 2_359_296, 2_340_000);
      sample.next(prefix + "add", layer + "add", "add", 16_384, 0, 0, 0);
      if (block == 3) {
        sample.unit(prefix + "short", layer + "shortcut", "conv", 32_000, 4, 131_072, 130_000);
        sample.last = prefix + "add";
        sample.stream(prefix + "skip1", fork, prefix + "short", List.of(1, 16, 32, 32), 16_384);
        sample.stream(
            prefix + "skip", prefix + "short", prefix + "add", List.of(1, 16, 32, 32), 16_384);
      } else {
        sample.stream(prefix + "skip", fork, prefix + "add", List.of(1, 16, 32, 32), 16_384);
      }
    }
    sample.next("pool", "model/pool", "sumpool", 4_096, 0, 0, 0);
    sample.next("fc", "model/dense", "dense", 640, 1, 640, 600);
    sample.finish();
    return sample.build("resnet8", new Cycles(58_900, 58_900L));
  }

  /** A model whose names attack the page. */
  static ReportData hostile() {
    String bad = "</svg><script>alert('x')</script>\"; rm -rf / \u202e\u0000&$model #set($a=1)";
    SampleReports sample = new SampleReports();
    sample.unit("u", bad, "conv", 100, 1, 10, 5);
    sample.stream("u_in", null, "u", List.of(1, 4), 4);
    sample.finish();
    return sample.build(bad, Cycles.predictedOnly(100));
  }

  private void unit(
      String name, String layer, String kind, long cycles, int lanes, long macs, long nonzero) {
    double useful = lanes == 0 ? 0 : Math.min(1, (double) nonzero / lanes / 58_900);
    units.add(
        new UnitReport(
            name,
            layer,
            kind,
            cycles,
            lanes,
            lanes,
            useful,
            new BitsReport(nonzero / 10, cycles, 0, 0, cycles / 4, cycles / 4, cycles / 2, cycles),
            nonzero == 0 ? 0 : 9.25,
            nonzero == 0 ? 0 : 18.5,
            nonzero == 0 ? 0 : 7.5,
            4,
            (cycles == 58_900 && name.contains("_5_")) || cycles == 13_120,
            macs,
            nonzero,
            new AreaReport(cycles / 7, cycles / 9, lanes, 3)));
    last = name;
  }

  private void next(
      String name, String layer, String kind, long cycles, int lanes, long macs, long nonzero) {
    String before = last;
    unit(name, layer, kind, cycles, lanes, macs, nonzero);
    stream(name + "_in", before, name, List.of(1, 16, 32, 32), 16_384);
  }

  private void stream(String name, String from, String to, List<Integer> shape, int beats) {
    streams.add(new StreamReport(name, from, to, shape, "int8", 1, beats, 64, 41, 512));
  }

  private void finish() {
    stream("out", last, null, List.of(1, 10), 10);
  }

  private CompressionReport compression() {
    List<FormReport> forms =
        List.of(
            new FormReport("plain", 26_670, 3_420_000, new AreaReport(3_000, 2_400, 3, 190)),
            new FormReport("zeros skipped", 8_100, 570_000, new AreaReport(740, 810, 3, 32)),
            new FormReport("coded words", 8_100, 270_000, new AreaReport(1_100, 1_020, 3, 16)));
    UnitReport unit = units.get(units.size() - 1);
    return new CompressionReport(List.of(new LayerForms(unit.name(), unit.layer(), forms)), forms);
  }

  private ReportData build(String model, Cycles cycles) {
    return new ReportData(
        model,
        "",
        "xc7",
        ClockReport.estimated(100, "xc7a100t", "speed grade -1", null),
        units.stream().mapToLong(UnitReport::macs).sum(),
        units.stream().mapToLong(UnitReport::nonzeroMacs).sum(),
        units.stream().mapToInt(UnitReport::multipliers).sum(),
        units.stream().mapToInt(UnitReport::macLanes).sum(),
        cycles,
        new Cycles(71_234, cycles.measured() == null ? null : 71_234L),
        new AreaReport(43_266, 34_445, 373, 125),
        units,
        streams,
        compression(),
        List.of(new ExternalReport("fc", 64, 30_720, 3_840, 3_904, 4_096)),
        List.of(
            new PassReport("fold-constants", 60, 40, null), new PassReport("fuse", 40, 31, null)),
        List.of("model.onnx: node 'x' (Softmax): warning: runs on the host"));
  }
}
