// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.PartitionedModel;
import dev.etch.lower.LoweredModel;
import dev.etch.optimize.StandardPasses;
import dev.etch.tensor.IntegerTensor;
import dev.etch.text.GraphParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The residual design: three window units with requantizers, and an addition. */
class ArithmeticSweepTest {
  private static final int MOST = 2000;
  @TempDir Path folder;
  private PartitionedModel network;
  private LoweredModel model;
  private Path verilog;

  @BeforeEach
  void compile() throws IOException {
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    Path file = Path.of(System.getProperty("etch.root"), "testbench/models/residual/residual.etch");
    network =
        StandardPasses.prepare(
            GraphParser.parse(file.toString(), Files.readString(file)), diagnostics);
    model = TestCompiler.compile(network, 8, folder.resolve("rtl")).lowered();
    verilog = folder.resolve("rtl").resolve(model.design().name() + ".v");
  }

  @Test
  void everyRequantizerAndAdderIsGivenSomethingAndIsRight() {
    ArithmeticSweep sweep = ArithmeticSweep.of(model, MOST);
    Set<String> units =
        sweep.tracks().stream().map(t -> t.result().unit()).collect(Collectors.toSet());
    assertEquals(5, units.size(), units.toString());
    try (SimulatedAccelerator accelerator = SimulatedAccelerator.start(simulator())) {
      accelerator.restart(4);
      ArithmeticSweep known = sweep.onlyOf(accelerator.probe().arithmeticRegisters());
      assertEquals(sweep.tracks().size(), known.tracks().size(), "Verilator kept the registers");
      assertEquals(Optional.empty(), known.run(accelerator));
    }
  }

  @Test
  void aResultThatIsWrongForOneSumIsFoundWhetherAFrameReachesItOrNot() throws IOException {
    IntegerTensor frame = RandomNetwork.frames(network, 1, 1).get(0);
    for (ArithmeticSweep.Track track : ArithmeticSweep.of(model, MOST).tracks()) {
      ArithmeticSweep.Given last = track.given().get(track.given().size() - 1);
      long value = last.values()[unclamped(track)];
      String right = Files.readString(verilog);
      Files.writeString(verilog, wrongFor(right, track, last.field(), value));
      VerifyResult result =
          new Verifier(model, folder.resolve("rtl"), VerifyOptions.standard(folder))
              .verify(1, number -> frame, (done, total) -> {});
      Files.writeString(verilog, right);
      assertFalse(result.passed(), track.result().toString());
      String fault = result.fault().orElseThrow().description();
      assertTrue(fault.startsWith(track.result().path() + ": "), fault);
      assertTrue(fault.contains(last.field().register() + " " + value + ","), fault);
    }
  }

  /** Where a result is in the middle, so that another sum has another result. */
  private static int unclamped(ArithmeticSweep.Track track) {
    return IntStream.range(0, track.results().length)
        .filter(i -> Math.abs(track.results()[i]) < 100)
        .findFirst()
        .orElseThrow();
  }

  /** What follows an operand sees another one in place of a value. */
  private String wrongFor(
      String right, ArithmeticSweep.Track track, ArithmeticSweep.Field field, long value) {
    String module = model.design().name() + track.result().unit().substring("unit".length());
    int begin = right.indexOf("module " + module + " (");
    int end = right.indexOf("endmodule", begin);
    String name = field.register();
    StringBuilder altered = new StringBuilder();
    for (String line : right.substring(begin, end).split("\n")) {
      boolean reads = !line.strip().startsWith(name + " <=") && !line.strip().startsWith("reg ");
      altered.append(reads ? line.replaceAll("\\b" + name + "\\b", name + "_seen") : line);
      altered.append('\n');
      if (line.matches(" *reg .* " + name + ";")) {
        altered.append(
            "wire [%1$d:0] %2$s_seen = %2$s ^ {1'b0, %2$s == %3$d'd%4$d, %5$d'd0};\n"
                .formatted(
                    field.bits() - 1, name, field.bits(), field.of(value), field.bits() - 2));
      }
    }
    assertTrue(altered.indexOf("wire [" + (field.bits() - 1) + ":0] " + name + "_seen") > 0);
    return right.substring(0, begin) + altered + right.substring(end);
  }

  private Path simulator() {
    return new VerilatorBuild(SimulatorCache.standard())
        .build(
            new VerilatorBuild.Request(
                folder.resolve("rtl"), model.design().name(), Optimization.NONE, false));
  }
}
