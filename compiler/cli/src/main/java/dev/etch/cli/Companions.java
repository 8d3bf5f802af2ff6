// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.hardware.Target;
import dev.etch.lower.LoweredModel;
import dev.etch.templates.driver.DriverOptions;
import dev.etch.templates.driver.DriverProject;
import dev.etch.templates.driver.ReferenceVector;
import dev.etch.templates.script.ScriptFiles;
import dev.etch.templates.script.SynthesisFlow;
import dev.etch.templates.testbench.IcarusTestbench;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import dev.etch.testbench.VectorFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** What goes beside the Verilog: host driver, plain Verilog testbench, scripts. */
final class Companions {
  static final String DRIVER = "driver";
  static final String TESTBENCH = "testbench";
  static final String SCRIPTS = "scripts";

  /** Frames of the driver's and the testbench's vectors. */
  private static final int VECTORS = 4;

  private static final long SEED = 20;

  private Companions() {}

  static void write(Compilation compilation, Path folder) throws IOException {
    LoweredModel lowered = compilation.scheduled().lowered();
    HostedModel hosted = new HostedModel(lowered.model());
    List<ReferenceVector> vectors =
        IntStream.range(0, VECTORS).mapToObj(i -> vector(hosted, SEED + i)).toList();
    DriverProject.generate(
            lowered,
            new DriverOptions(
                compilation.designHash(),
                compilation.scheduled().prediction().latencyCycles(),
                List.of(),
                vectors))
        .writeTo(folder.resolve(DRIVER));
    IcarusTestbench.generate(
            compilation.design(),
            compilation.designHash(),
            VECTORS,
            compilation.scheduled().prediction().cyclesPerFrame())
        .writeTo(folder.resolve(TESTBENCH));
    VectorFiles.write(
        folder.resolve(TESTBENCH),
        lowered,
        vectors.stream().map(ReferenceVector::acceleratorInput).toList());
    ScriptFiles.generate(
            compilation.design(),
            flow(compilation.scheduled().mapping().target()),
            compilation.scheduled().mapping().clockMegahertz())
        .writeTo(folder.resolve(SCRIPTS));
  }

  /** The tools of a device family. */
  static SynthesisFlow flow(Target target) {
    return SynthesisFlow.byId(target.id())
        .orElseThrow(() -> new CompilerBug("no synthesis flow for " + target.id()));
  }

  private static ReferenceVector vector(HostedModel hosted, long seed) {
    Tensor input = hosted.randomInput(seed);
    IntegerTensor taken = hosted.toAccelerator(input);
    IntegerTensor given = hosted.accelerate(taken);
    return new ReferenceVector(input, taken, given, hosted.fromAccelerator(given));
  }
}
