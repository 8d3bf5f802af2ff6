// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.etch.hardware.Target;
import dev.etch.testbench.synthesis.Cells;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code etch bench} prints; never how fast anything is. */
class BenchCommandTest {
  private static final Path MODELS =
      Path.of(System.getProperty("etch.root")).resolve("testbench/models");
  private static final String TINY = MODELS.resolve("tiny/tiny.etch").toString();

  private static BenchRow row(CellCounts cells, Double simulated, Double onnxRuntime) {
    return new BenchRow(
        "a.onnx",
        "xc7",
        32,
        31,
        298_850,
        10_304,
        simulated == null ? null : 10_304L,
        1.103,
        0.998,
        cells,
        1.5,
        simulated,
        new ReferenceSpeed.Result(1, 1500, onnxRuntime, ""));
  }

  private static SynthReport.Seed seed(int number, double megahertz, String from) {
    SynthReport.Path path = new SynthReport.Path("conv1", "conv1", from, "sum", 4.2, 3.1);
    return new SynthReport.Seed(number, megahertz, path, List.of(path), List.of(), "");
  }

  @Test
  void routedDesignsAreRowsWithTheirLongestPaths() {
    SynthReport.Route route =
        new SynthReport.Route(
            "ecp5-25k",
            "speed grade 6",
            List.of("Yosys 0.23", "nextpnr-ecp5 0.11.1"),
            120,
            new SynthReport.Spread(90, 100, 110),
            List.of(seed(1, 110, "fast"), seed(2, 100, "rom"), seed(3, 90, "slow")));
    CellCounts cells = new CellCounts(3459, 3879, 8, 2);
    String text =
        RouteTable.markdown(List.of(new RouteBench.Row("a.onnx", 8, 50_000, cells, route)));
    assertTrue(
        text.contains(
            "| a.onnx, 8 multipliers | ecp5-25k, speed grade 6 | 90.0, 100.0, 110.0 (3 seeds, "
                + "aiming at 120) | 3,459 | 3,879 | 8 | 2.0 | 50,000 | 2,000 |"),
        text);
    assertTrue(text.contains("7.30 ns (4.20 logic, 3.10 routing) in conv1: rom -> sum"), text);
    assertTrue(text.endsWith("By Yosys 0.23, nextpnr-ecp5 0.11.1."), text);
  }

  @Test
  void onlyWhatAToolPlacesIsRouted() {
    CapturedRun outcome = CapturedRun.of("bench", TINY, "--route", "--device", "xc7a35t");
    assertEquals(ExitCode.BAD_INPUT, outcome.code());
    assertTrue(outcome.err().contains("no open tool places and routes xc7a35t"), outcome.err());
  }

  @Test
  void estimatesStandBesideCountedCells() {
    EstimateBench.Row low = estimated("a.onnx", 900, 3);
    EstimateBench.Row high = estimated("b.onnx", 1200, 2);
    String text = EstimateTable.markdown(List.of(low, high));
    assertTrue(
        text.contains(
            "| a.onnx, 4 multipliers | 1,000 (900) | -10 % | 2 (3) | 4 (4) | conv1: 700 (600) |"),
        text);
    assertTrue(
        text.endsWith(
            "2 designs on ecp5: LUTs off by -10 % at least, +20 % in the middle, +20 % at most; "
                + "memory blocks exact in 1, DSP blocks in 2."),
        text);
  }

  @Test
  void estimatesAreOfADeviceFamily() {
    CapturedRun outcome = CapturedRun.of("bench", TINY, "--estimates", "--target", "generic");
    assertEquals(ExitCode.BAD_INPUT, outcome.code());
    assertTrue(outcome.err().contains("generic has no cells"), outcome.err());
  }

  private static EstimateBench.Row estimated(String model, long luts, long blocks) {
    SynthReport.Row total =
        new SynthReport.Row(
            "total",
            new SynthReport.Counts(1000, 500, 4, 2),
            new SynthReport.Counts(luts, 500, 4, blocks));
    SynthReport.Row layer =
        new SynthReport.Row(
            "conv1",
            new SynthReport.Counts(700, 300, 4, 2),
            new SynthReport.Counts(luts - 300, 300, 4, blocks));
    return new EstimateBench.Row(
        model, 4, new SynthReport("design", "ecp5", List.of(layer), total, null, List.of()));
  }

  @Test
  void measuresATinyModelAsJson() throws IOException {
    CapturedRun outcome =
        CapturedRun.of("bench", TINY, "--multipliers", "2,4", "--simulate", "0", "--json");
    assertEquals(ExitCode.FINE, outcome.code(), outcome.err());
    JsonNode rows = new ObjectMapper().readTree(outcome.out());
    assertEquals(2, rows.size());
    for (JsonNode row : rows) {
      assertEquals("tiny.etch", row.get("model").asText());
      assertTrue(row.get("cyclesPerFrame").asLong() > 0);
      assertTrue(row.get("compileSeconds").asDouble() > 0);
      assertTrue(row.get("cells").isNull());
      assertTrue(row.get("simulatedFramesPerSecond").isNull());
      assertTrue(row.get("reference").get("imagesPerSecond").asDouble() > 0);
      assertTrue(row.get("reference").get("onnxRuntime").isNull());
      assertEquals("not an ONNX model", row.get("reference").get("remark").asText());
    }
    assertEquals(2, rows.get(0).get("budget").asInt());
    assertEquals(4, rows.get(1).get("budget").asInt());
  }

  /** Both budgets are simulated, take the predicted cycles, and are in the curve. */
  @Test
  void measuresEveryBudgetAndDrawsACurve(@TempDir Path folder) throws IOException {
    Path curve = folder.resolve("curve.svg");
    CapturedRun outcome =
        CapturedRun.of(
            "bench",
            TINY,
            "--multipliers",
            "4,2",
            "--simulate",
            "1",
            "--simulate-all",
            "--json",
            "--curve",
            curve.toString());
    assertEquals(ExitCode.FINE, outcome.code(), outcome.err());
    for (JsonNode row : new ObjectMapper().readTree(outcome.out())) {
      assertEquals(row.get("cyclesPerFrame").asLong(), row.get("measuredCyclesPerFrame").asLong());
      assertTrue(row.get("simulatedFramesPerSecond").asDouble() > 0);
    }
    String svg = Files.readString(curve);
    assertTrue(svg.contains("tiny.etch, 2 multipliers"), svg);
    assertTrue(svg.indexOf(", 2 multipliers") < svg.indexOf(", 4 multipliers"), svg);
  }

  @Test
  void goesOnAfterAModelThatIsRefused() {
    CapturedRun outcome =
        CapturedRun.of("bench", "missing.onnx", TINY, "--multipliers", "2", "--simulate", "0");
    assertEquals(ExitCode.BAD_INPUT, outcome.code());
    assertTrue(outcome.err().contains("missing.onnx"), outcome.err());
    assertEquals(3, outcome.out().lines().count(), outcome.out());
    assertTrue(outcome.out().contains("| tiny.etch | 2 |"), outcome.out());
  }

  @Test
  void runsOnnxRuntimeBesideTheReference() {
    Path model = MODELS.resolve("lenet5-fashion/lenet5.onnx");
    Compilation compilation = Pipeline.compile(model, new MappingOptions(), new ModelOptions());
    HostedModel hosted = new HostedModel(compilation.scheduled().lowered().model());
    ReferenceSpeed.Result result = ReferenceSpeed.measure(model, hosted, 2);
    assertEquals("", result.remark());
    assertEquals(2, result.threads());
    assertTrue(result.imagesPerSecond() > 0);
    assertTrue(result.onnxRuntime() > 0);
  }

  @Test
  void printsATable() {
    String table =
        BenchTable.markdown(
            List.of(row(null, null, null), row(new CellCounts(900, 800, 16, 2.5), 12.25, 3000.0)));
    List<String> lines = table.lines().toList();
    assertEquals(4, lines.size());
    assertEquals(
        1,
        lines.stream().map(line -> line.chars().filter(c -> c == '|').count()).distinct().count());
    assertEquals(
        "| a.onnx | 32 | 31 | 298,850 | 10,304 | – | 1.10 | 99.8 % | – | – | – | – | – | 1.50 | – |"
            + " 1,500 | – | – |",
        lines.get(2));
    assertEquals(
        "| a.onnx | 32 | 31 | 298,850 | 10,304 | 10,304 | 1.10 | 99.8 % | 900 | 800 | 16 | 2.5 | 644.0 |"
            + " 1.50 | 12.3 | 1,500 | 3,000 | 0.50 |",
        lines.get(3));
  }

  @Test
  void countsTheBlocksOfTheFamily() {
    Cells cells = new Cells(20, 101, 7, 11);
    assertEquals(new CellCounts(20, 101, 7, 5.5), CellCounts.of(cells, Target.XC7));
    assertEquals(new CellCounts(20, 101, 7, 11), CellCounts.of(cells, Target.ICE40));
  }
}
