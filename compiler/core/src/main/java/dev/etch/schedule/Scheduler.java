// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import dev.etch.lower.Arithmetic;
import dev.etch.lower.ExactArithmetic;
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

  /** With the exact arithmetic of this compiler. */
  public static ScheduledDesign schedule(
      PartitionedModel model, Mapping constraints, DiagnosticCollector diagnostics) {
    return schedule(model, ExactArithmetic::analyze, constraints, diagnostics);
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
    Plan plan = plan(model, analysis, diagnostics);
    return new FoldingSearch(plan, constraints, diagnostics).run();
  }

  /**
   * What is to be built, before it is decided how much hardware it gets.
   *
   * @throws dev.etch.diagnostic.DiagnosticException if something cannot become hardware
   */
  public static Plan plan(
      PartitionedModel model, Arithmetic.Analysis analysis, DiagnosticCollector diagnostics) {
    Lowering.validate(model.accelerator(), diagnostics);
    Graph effective = StandardPasses.keepWhatMatters(model.accelerator(), diagnostics);
    return Lowering.plan(model, effective, analysis, diagnostics);
  }

  /** The units of a design, with queues of the least depth. */
  static LoweredModel lower(Plan plan, Mapping mapping, ProgramSource programs) {
    return Lowering.build(plan, mapping.layers(), mapping.arrays(), programs, mapping.target());
  }
}
