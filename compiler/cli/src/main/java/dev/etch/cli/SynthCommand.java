// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.area.DesignArea;
import dev.etch.area.Device;
import dev.etch.area.Shortage;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.hardware.Design;
import dev.etch.hardware.Target;
import dev.etch.templates.script.ScriptFiles;
import dev.etch.templates.script.SynthesisFlow;
import dev.etch.testbench.synthesis.Cells;
import dev.etch.testbench.synthesis.Placement;
import dev.etch.testbench.synthesis.Synthesis;
import dev.etch.testbench.synthesis.SynthesisResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code etch synth}: cells, as Yosys counts them, and place and route where it is possible. */
@Command(
    name = "synth",
    mixinStandardHelpOptions = true,
    description =
        "Synthesizes a compiled model with Yosys and prints the cells of each unit beside the "
            + "estimate.%nAlso writes synth.txt and synth.json into the folder. For ice40 the "
            + "design is placed and routed, too, if nextpnr-ice40 is installed. Exit code 4 if it "
            + "does not fit the device.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  etch synth hdl-out/model",
      "  etch synth hdl-out/model --target xc7 --device xc7a35t"
    })
final class SynthCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Folder that etch compile wrote.")
  private Path folder;

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "generic, xc7, ecp5, ice40 or gowin; the one it was compiled for if not given.")
  private String target;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description = "The device that it has to fit; for ice40 the smallest that does if not given.")
  private String device;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "2",
      description = "Runs of Yosys side by side (default: ${DEFAULT-VALUE}).")
  private int jobs;

  @Override
  public Integer call() throws IOException {
    Compilation compilation = CompiledFolder.load(folder);
    Optional<Device> wanted = Optional.ofNullable(device).map(Constraints::device);
    Target family = family(compilation, wanted);
    SynthesisFlow flow = Companions.flow(family);
    Design design = compilation.design();
    if (jobs < 1) {
      throw new DiagnosticException(Location.option("--jobs"), "at least one job", "");
    }
    SynthesisResult result;
    try (Console.Progress progress = new Console(spec).progress("synthesis", 1000)) {
      result =
          Synthesis.run(
              folder.resolve(CompiledFolder.RTL),
              design.name(),
              flow,
              jobs,
              (finished, all) -> progress.to(1000L * finished / all));
    }
    Cells cells = result.total();
    Optional<Device> chosen = wanted.or(() -> smallest(flow, cells));
    List<Shortage> shortages = shortages(flow, cells, chosen);
    SynthReport.Placed placed =
        shortages.isEmpty() && chosen.isPresent() && Placement.isPossible(flow)
            ? place(compilation, flow, chosen.get())
            : null;
    SynthReport report =
        SynthReport.of(
            design,
            family.id(),
            DesignArea.of(design, family),
            result,
            placed,
            shortages.stream().map(Shortage::toString).toList());
    Files.writeString(folder.resolve("synth.txt"), report.table());
    Files.writeString(folder.resolve("synth.json"), Json.print(report) + "\n");
    Manifest.update(folder, "synth.txt", "synth.json");
    return show(report, chosen.or(() -> largest(flow)));
  }

  private Target family(Compilation compilation, Optional<Device> wanted) {
    Target family =
        target == null
            ? wanted.map(Device::target).orElse(compilation.scheduled().mapping().target())
            : Constraints.target(target);
    if (wanted.isPresent() && wanted.get().target() != family) {
      throw new DiagnosticException(
          Location.option("--device"),
          wanted.get().id() + " is not of the family " + family.id(),
          "leave out --target, or name another device");
    }
    return family;
  }

  private static Optional<Device> smallest(SynthesisFlow flow, Cells cells) {
    return flow == SynthesisFlow.ICE40 ? Placement.smallest(cells) : Optional.empty();
  }

  /** The device that is compared with if nothing fits. */
  private static Optional<Device> largest(SynthesisFlow flow) {
    return flow == SynthesisFlow.ICE40 ? Optional.of(Device.UP5K) : Optional.empty();
  }

  private static List<Shortage> shortages(
      SynthesisFlow flow, Cells cells, Optional<Device> chosen) {
    return chosen
        .or(() -> largest(flow))
        .map(d -> Shortage.of(cells.luts(), cells.multipliers(), cells.blocks(), d))
        .orElse(List.of());
  }

  private SynthReport.Placed place(Compilation compilation, SynthesisFlow flow, Device on)
      throws IOException {
    double clock = compilation.scheduled().mapping().clockMegahertz();
    String pins = ScriptFiles.pins(compilation.design(), flow, clock);
    Placement.Result placed = Placement.run(folder, pins, compilation.design().name(), on, clock);
    String problem = placed.megahertz().isPresent() ? null : placed.problem();
    return new SynthReport.Placed(on.id(), placed.megahertz().orElse(null), problem);
  }

  private int show(SynthReport report, Optional<Device> compared) {
    Console console = new Console(spec);
    console.print(report.table().stripTrailing());
    for (String shortage : report.shortages()) {
      console.warn(
          "error: does not fit " + compared.map(Device::id).orElse("the device") + ": " + shortage);
    }
    boolean fits =
        report.shortages().isEmpty()
            && (report.placement() == null || report.placement().problem() == null);
    return fits ? ExitCode.FINE : ExitCode.DOES_NOT_FIT;
  }
}
