// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.LoadMap;
import dev.etch.hardware.MemoryMap;
import dev.etch.hardware.WeightFile;
import dev.etch.hardware.WeightImage;
import dev.etch.hardware.verilog.LoadableVerilog;
import dev.etch.lower.LoweredModel;
import dev.etch.schedule.Retrained;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.schedule.Scheduler;
import dev.etch.templates.driver.DriverProject;
import dev.etch.testbench.ShuffledWeights;
import dev.etch.testbench.VerifyOptions.OtherWeights;
import dev.etch.text.GraphParser;
import dev.etch.text.GraphPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Weights of a network that was trained again, for a design that was compiled before.
 *
 * @param design of the network with these weights: the hardware is that of the compiled one
 * @param file what the host loads
 */
record LoadedWeights(ScheduledDesign design, WeightFile file) {
  private static final long SEED = 11;

  /** Those that a design has at first; empty if none are loaded. */
  static Optional<WeightFile> own(Compilation compilation) {
    if (LoadMap.of(compilation.design()).isEmpty()) {
      return Optional.empty();
    }
    LoadableVerilog verilog = LoadableVerilog.of(compilation.design(), compilation.designHash());
    return Optional.of(
        file(verilog.image(), compilation.scheduled(), model(compilation), compilation.graph()));
  }

  /**
   * Those of another model.
   *
   * @param other as it was imported
   * @throws DiagnosticException if the design cannot have them
   */
  static LoadedWeights of(
      Compilation compiled, Graph other, boolean strict, DiagnosticCollector diagnostics) {
    if (compiled.scheduled().mapping().reload().isEmpty()) {
      throw new DiagnosticException(
          Location.file(compiled.graph().name()),
          LoadMap.of(compiled.design()).isEmpty() && compiled.design().memory().isEmpty()
              ? "the weights of this design are constants"
              : "this design takes no other words than its own: codes and scales are constants",
          "compile it with --weights reloadable");
    }
    PartitionedModel model =
        Retrained.of(model(compiled), Pipeline.partition(other, strict, diagnostics));
    DriverProject.check(model, other);
    ScheduledDesign design = Scheduler.reload(compiled.scheduled(), model, diagnostics);
    int hash = compiled.designHash();
    LoadableVerilog verilog = LoadableVerilog.of(design.lowered().design(), hash);
    if (!verilog.structure().equals(LoadableVerilog.of(compiled.design(), hash).structure())) {
      throw new DiagnosticException(
          Location.file(other.name()),
          "its accelerator differs in more than what is loaded from the one that was compiled: a"
              + " zero point or a function of a layer is another",
          "compile it as a design of its own");
    }
    return new LoadedWeights(design, file(verilog.image(), design, model, other));
  }

  /**
   * Those of a file.
   *
   * @throws DiagnosticException if it is damaged, or for another design
   */
  static LoadedWeights read(Compilation compiled, Path path) throws IOException {
    String name = path.toString();
    if (!Files.isRegularFile(path)) {
      throw new DiagnosticException(
          Location.file(name), "is no file", "make one: etch weights DIR MODEL -o FILE");
    }
    WeightFile file = WeightFile.parse(name, Files.readAllBytes(path));
    if (file.image().designHash() != compiled.designHash()) {
      throw new DiagnosticException(
          Location.file(name),
          "is for another design: %08x, not %08x"
              .formatted(file.image().designHash(), compiled.designHash()),
          "make one for this design: etch weights DIR MODEL -o FILE");
    }
    LoadedWeights weights = ofFile(compiled, name, file);
    if (weights.file().image().crc() != file.image().crc() || !sameOutside(weights.file(), file)) {
      throw new DiagnosticException(
          Location.file(name),
          "its words are not those of the model that it names",
          "it was made by another version of Etch: make it anew");
    }
    return weights;
  }

  /** What the model that a file names gives; of a design that takes no other words, its own. */
  private static LoadedWeights ofFile(Compilation compiled, String name, WeightFile file) {
    Optional<WeightFile> own = own(compiled);
    return compiled.scheduled().mapping().reload().isEmpty() && own.isPresent()
        ? new LoadedWeights(compiled.scheduled(), own.get())
        : of(compiled, GraphParser.parse(name, file.model()), false, new DiagnosticCollector());
  }

  /**
   * Those that a design has at first, in other places: to see that they can be loaded. Empty if it
   * cannot have others.
   */
  static Optional<OtherWeights> shuffled(ScheduledDesign design, int hash) {
    if (design.mapping().reload().isEmpty()) {
      return Optional.empty();
    }
    PartitionedModel model = design.lowered().model();
    LoweredModel other =
        within(design, ShuffledWeights.of(model, SEED))
            .or(() -> within(design, ShuffledWeights.aroundZeros(model, SEED)))
            // The limits of accumulators and scales hold for all of them.
            .orElseGet(() -> reloaded(design, ShuffledWeights.underOtherScales(model, SEED)));
    return Optional.of(new OtherWeights(other, LoadableVerilog.of(other.design(), hash).image()));
  }

  /** Empty if a schedule or a code has no room for them. */
  private static Optional<LoweredModel> within(ScheduledDesign design, PartitionedModel other) {
    try {
      return Optional.of(reloaded(design, other));
    } catch (DiagnosticException noRoom) {
      return Optional.empty();
    }
  }

  private static LoweredModel reloaded(ScheduledDesign design, PartitionedModel other) {
    return Scheduler.reload(design, other, new DiagnosticCollector()).lowered();
  }

  private static PartitionedModel model(Compilation compilation) {
    return compilation.scheduled().lowered().model();
  }

  private static boolean sameOutside(WeightFile first, WeightFile second) {
    byte[] none = {};
    return Arrays.equals(first.outside().orElse(none), second.outside().orElse(none));
  }

  private static WeightFile file(
      WeightImage image, ScheduledDesign design, PartitionedModel model, Graph imported) {
    return new WeightFile(
        image,
        MemoryMap.loaded(design.lowered().design()),
        DriverProject.hostHash(model),
        GraphPrinter.print(imported));
  }
}
