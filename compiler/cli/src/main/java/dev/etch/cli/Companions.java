// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.area.Device;
import dev.etch.diagnostic.CompilerBug;
import dev.etch.hardware.MemoryMap;
import dev.etch.hardware.Target;
import dev.etch.hardware.WeightFile;
import dev.etch.lower.LoweredModel;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.templates.driver.DriverOptions;
import dev.etch.templates.driver.DriverProject;
import dev.etch.templates.driver.ReferenceVector;
import dev.etch.templates.script.ScriptFiles;
import dev.etch.templates.script.SynthesisFlow;
import dev.etch.templates.testbench.IcarusTestbench;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import dev.etch.testbench.ArithmeticSweep;
import dev.etch.testbench.DirectedFrames;
import dev.etch.testbench.SweepRows;
import dev.etch.testbench.VectorFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** What goes beside the Verilog: host driver, plain Verilog testbench, scripts. */
final class Companions {
  static final String DRIVER = "driver";
  static final String TESTBENCH = "testbench";
  static final String SCRIPTS = "scripts";

  /** Frames of the driver's and the testbench's vectors. */
  private static final int VECTORS = 4;

  /** Frames of the testbench besides them that are made to reach extremes, at most. */
  private static final int MOST_DIRECTED = 400;

  /** Cycles that these may take in all. */
  private static final long DIRECTED_CYCLES = 50_000;

  /** Operands that each arithmetic pipeline is given in the testbench, at most. */
  private static final int MOST_OPERANDS = 2000;

  private static final long SEED = 20;

  private Companions() {}

  static void write(Compilation compilation, Optional<WeightFile> weights, Path folder)
      throws IOException {
    LoweredModel lowered = compilation.scheduled().lowered();
    List<ReferenceVector> vectors = vectors(lowered);
    driver(
        compilation.scheduled(),
        compilation.designHash(),
        weights,
        vectors,
        folder.resolve(DRIVER));
    List<IntegerTensor> frames =
        new ArrayList<>(vectors.stream().map(ReferenceVector::acceleratorInput).toList());
    frames.addAll(DirectedFrames.of(lowered.model().accelerator(), directed(compilation)));
    SweepRows sweep = new SweepRows(ArithmeticSweep.of(lowered, MOST_OPERANDS));
    IcarusTestbench.generate(
            compilation.design(),
            compilation.designHash(),
            frames.size(),
            compilation.scheduled().prediction().cyclesPerFrame(),
            OptionalLong.of(compilation.scheduled().prediction().latencyCycles()),
            swept(sweep))
        .writeTo(folder.resolve(TESTBENCH));
    VectorFiles.write(folder.resolve(TESTBENCH), lowered, frames);
    VectorFiles.write(folder.resolve(TESTBENCH), sweep);
    Optional<MemoryMap> memory = MemoryMap.of(compilation.design());
    if (memory.isPresent()) {
      VectorFiles.write(folder.resolve(TESTBENCH), memory.get());
    }
    ScriptFiles.generate(
            compilation.design(),
            flow(compilation.scheduled().mapping().target()),
            Optional.ofNullable(compilation.clock().device()).flatMap(Device::byId),
            Clocks.constraint(compilation.clock()))
        .writeTo(folder.resolve(SCRIPTS));
  }

  /** The driver of a design, whose weights may be others than those that it was compiled with. */
  static void driver(ScheduledDesign design, int hash, WeightFile weights, Path folder)
      throws IOException {
    driver(design, hash, Optional.of(weights), vectors(design.lowered()), folder);
  }

  private static void driver(
      ScheduledDesign design,
      int hash,
      Optional<WeightFile> weights,
      List<ReferenceVector> vectors,
      Path folder)
      throws IOException {
    long cycles = design.prediction().latencyCycles();
    DriverProject.generate(
            design.lowered(), new DriverOptions(hash, cycles, List.of(), vectors, weights))
        .writeTo(folder);
  }

  private static List<ReferenceVector> vectors(LoweredModel lowered) {
    HostedModel hosted = new HostedModel(lowered.model());
    return IntStream.range(0, VECTORS).mapToObj(i -> vector(hosted, SEED + i)).toList();
  }

  private static IcarusTestbench.Sweep swept(SweepRows rows) {
    return new IcarusTestbench.Sweep(
        rows.count(), rows.bits(), registers(rows, true), registers(rows, false));
  }

  private static List<IcarusTestbench.SweptRegister> registers(SweepRows rows, boolean set) {
    return rows.columns().stream()
        .filter(column -> column.set() == set)
        .map(c -> IcarusTestbench.SweptRegister.of(c.unit(), c.register(), c.start(), c.bits()))
        .toList();
  }

  /** Few frames made on purpose if they take long: Icarus Verilog is slow. */
  private static int directed(Compilation compilation) {
    long cycles = compilation.scheduled().prediction().cyclesPerFrame();
    return (int) Math.min(MOST_DIRECTED, DIRECTED_CYCLES / cycles);
  }

  /** The tools of a device family. */
  static SynthesisFlow flow(Target target) {
    return SynthesisFlow.byId(target.id())
        .orElseThrow(() -> new CompilerBug("no synthesis flow for " + target.id()));
  }

  private static ReferenceVector vector(HostedModel hosted, long seed) {
    Tensor input = hosted.randomInput(seed);
    IntegerTensor taken = hosted.toAccelerator(input);
    List<IntegerTensor> given = hosted.accelerate(taken);
    return new ReferenceVector(input, taken, given, hosted.fromAccelerator(given));
  }
}
