// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.exact.Headroom;
import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.Design;
import dev.etch.hardware.LoadMap;
import dev.etch.lower.Arithmetic;
import dev.etch.lower.ExactArithmetic;
import dev.etch.lower.LoadedArithmetic;
import dev.etch.lower.LoweredModel;
import dev.etch.lower.Lowering;
import dev.etch.lower.Plan;
import dev.etch.lower.ProgramSource;
import dev.etch.optimize.StandardPasses;

/**
 * From the integer graph to a finished design: lowering, folding, schedules, queues, prediction.
 */
public final class Scheduler {
  private Scheduler() {}

  /** With the arithmetic of the weights at hand, or of all that may be loaded. */
  public static ScheduledDesign schedule(
      PartitionedModel model, Mapping constraints, DiagnosticCollector diagnostics) {
    Arithmetic.Analysis analysis =
        constraints
            .reload()
            .map(reload -> LoadedArithmetic.within(new Headroom(reload.headroom())))
            .orElse(ExactArithmetic::analyze);
    ScheduledDesign design = schedule(model, analysis, constraints, diagnostics);
    if (constraints.reload().isPresent()) {
      requireLoadable(LoadMap.of(design.lowered().design()));
    }
    return design;
  }

  private static void requireLoadable(LoadMap loaded) {
    if (loaded.isEmpty()) {
      throw new DiagnosticException(
          Location.option("--weights"),
          "no layer of the accelerator has weights that could be loaded",
          "compile it with --weights constant");
    }
    long most = 1L << LoadMap.MOST_ADDRESS_BITS;
    if (loaded.addresses() > most) {
      throw new DiagnosticException(
          Location.option("--weights"),
          "what is loaded takes %,d addresses, and there are %,d"
              .formatted(loaded.addresses(), most),
          "take less headroom or more multipliers, or compile it with --weights constant");
    }
  }

  /**
   * Chooses what {@code constraints} leaves open and builds the design.
   *
   * @param analysis finds widths and hardware forms
   * @param diagnostics gets an error for everything that cannot become hardware
   * @throws dev.etch.diagnostic.DiagnosticException if the model or the constraints cannot be met
   */
  public static ScheduledDesign schedule(
      PartitionedModel model,
      Arithmetic.Analysis analysis,
      Mapping constraints,
      DiagnosticCollector diagnostics) {
    Plan plan = LoadedSchedules.choose(plan(model, analysis, diagnostics), constraints);
    return new FoldingSearch(plan, constraints, diagnostics).run();
  }

  /**
   * A design for other weights of a network that was compiled: within the limits that its headroom
   * gave it, folded as it is, with the same queues.
   *
   * @param compiled the design of the network that was compiled
   * @param other the network with other weights
   * @throws dev.etch.diagnostic.DiagnosticException if these are out of the limits
   */
  public static ScheduledDesign reload(
      ScheduledDesign compiled, PartitionedModel other, DiagnosticCollector diagnostics) {
    Mapping mapping = compiled.mapping();
    Design design = compiled.lowered().design();
    Headroom headroom = new Headroom(mapping.reload().orElseThrow().headroom());
    plan(compiled.lowered().model(), LoadedArithmetic.within(headroom), diagnostics);
    Plan plan = plan(other, LoadedArithmetic.within(headroom.limits()), diagnostics);
    ScheduledDesign reloaded =
        new FoldingSearch(LoadedSchedules.choose(plan, mapping, design), mapping, diagnostics)
            .run();
    return reloaded.withDepths(design.depths());
  }

  /**
   * What is to be built, before it is decided how much hardware it gets.
   *
   * @throws dev.etch.diagnostic.DiagnosticException if something cannot become hardware
   */
  public static Plan plan(
      PartitionedModel model, Arithmetic.Analysis analysis, DiagnosticCollector diagnostics) {
    Lowering.validate(model.accelerator(), diagnostics);
    Graph effective =
        analysis.fitsTheWeights()
            ? StandardPasses.keepWhatMatters(model.accelerator(), diagnostics)
            : model.accelerator();
    return Lowering.plan(model, effective, analysis, diagnostics);
  }

  /** The units of a design, with queues of the least depth. */
  static LoweredModel lower(Plan plan, Mapping mapping, ProgramSource programs) {
    LoweredModel lowered =
        Lowering.build(
            plan, mapping.layers(), mapping.arrays(), programs, mapping.target(), mapping.memory());
    return mapping
        .reload()
        .map(reload -> lowered.withDesign(lowered.design().withBuffers(reload.ofMemories())))
        .orElse(lowered);
  }
}
