// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.area.DesignArea;
import dev.etch.area.Device;
import dev.etch.area.Shortage;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.hardware.Design;
import dev.etch.hardware.Target;
import dev.etch.templates.report.ReportFiles;
import dev.etch.templates.script.SynthesisFlow;
import dev.etch.testbench.synthesis.Cells;
import dev.etch.testbench.synthesis.PlaceAndRoute;
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
            + "estimate.%nWith --route the design is also placed and routed by nextpnr, behind four "
            + "pins. Writes synth.txt and synth.json into the folder. Exit code 4 if the design "
            + "does not fit the device.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  etch synth hdl-out/model",
      "  etch synth hdl-out/model --device xc7a35t",
      "  etch synth hdl-out/model --device ecp5-25k --route --seeds 3"
    })
final class SynthCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Folder that etch compile wrote.")
  private Path folder;

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description =
          "generic, xc7, ecp5, ice40, gowin or nexus; the one it was compiled for if not given.")
  private String target;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description =
          "The device that it has to fit; with --route the smallest that does if not given.")
  private String device;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "2",
      description = "Runs of Yosys side by side (default: ${DEFAULT-VALUE}).")
  private int jobs;

  @Option(names = "--route", description = "Place and route, too: ECP5, iCE40, Gowin or Nexus.")
  private boolean route;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "1",
      description = "Placements to try; 1 if not given.")
  private int seeds;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    requireInRange("--jobs", jobs);
    requireInRange("--seeds", seeds);
    Compilation compilation = CompiledFolder.load(folder);
    Optional<Device> wanted = Optional.ofNullable(device).map(Constraints::device);
    Target family = family(compilation, wanted);
    SynthesisFlow flow = Companions.flow(family);
    Design design = compilation.design();
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
    Optional<Device> chosen =
        wanted.or(() -> route ? PlaceAndRoute.smallest(flow, cells) : Optional.empty());
    List<Shortage> shortages = shortages(flow, cells, chosen);
    SynthReport.Route routed =
        route && shortages.isEmpty()
            ? route(compilation, routable(chosen, family), cells.luts())
            : null;
    SynthReport report =
        SynthReport.of(
            design,
            family.id(),
            DesignArea.of(design, family),
            result,
            routed,
            shortages.stream().map(Shortage::toString).toList());
    Files.writeString(folder.resolve("synth.txt"), report.table());
    Files.writeString(folder.resolve("synth.json"), Json.print(report) + "\n");
    Manifest.update(folder, "synth.txt", "synth.json");
    if (routed != null && routed.fmaxMHz() != null) {
      ReportFiles.updateRouted(
          folder,
          routed.fmaxMHz().median(),
          chosen.get().id(),
          chosen.get().speedGrade().label(),
          routed.seeds().size());
      Manifest.update(folder, ReportFiles.JSON, ReportFiles.HTML);
    }
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

  private static Device routable(Optional<Device> device, Target family) {
    return device
        .filter(PlaceAndRoute::isPossible)
        .orElseThrow(
            () ->
                new DiagnosticException(
                    Location.option("--route"),
                    "no open tool places and routes " + device.map(Device::id).orElse(family.id()),
                    "take a device of ECP5, iCE40, Gowin or Nexus, or leave out --route"));
  }

  /** The device that is compared with if nothing fits. */
  private static Optional<Device> largest(SynthesisFlow flow) {
    return flow == SynthesisFlow.ICE40 ? Optional.of(Device.UP5K) : Optional.empty();
  }

  private List<Shortage> shortages(SynthesisFlow flow, Cells cells, Optional<Device> chosen) {
    return chosen
        .or(() -> route ? largest(flow) : Optional.empty())
        .map(d -> Shortage.of(cells.luts(), cells.multipliers(), cells.blocks(), d))
        .orElse(List.of());
  }

  private SynthReport.Route route(Compilation compilation, Device on, long luts)
      throws IOException {
    try (Console.Progress progress = new Console(spec).progress("place and route", seeds)) {
      return Routing.route(compilation, folder, on, luts, seeds, progress::to);
    }
  }

  private static void requireInRange(String option, int value) {
    if (value < 1 || value > 64) {
      throw new DiagnosticException(
          Location.option(option), value + " is not a number from 1 to 64", "give such a number");
    }
  }

  private int show(SynthReport report, Optional<Device> compared) {
    Console console = new Console(spec);
    console.print(json ? Json.print(report) : report.table().stripTrailing());
    for (String shortage : report.shortages()) {
      console.warn(
          "error: does not fit " + compared.map(Device::id).orElse("the device") + ": " + shortage);
    }
    boolean fits =
        report.shortages().isEmpty() && (report.route() == null || report.route().succeeded());
    return fits ? ExitCode.FINE : ExitCode.DOES_NOT_FIT;
  }
}
