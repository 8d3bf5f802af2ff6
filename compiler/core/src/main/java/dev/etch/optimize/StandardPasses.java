// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import dev.etch.optimize.integer.IntegerizeQuantizedOperators;
import dev.etch.pass.Pass;
import dev.etch.pass.PassRunner;
import java.util.List;
import java.util.function.BiConsumer;

/** The two lists of what happens to a graph between import and lowering. */
public final class StandardPasses {
  private StandardPasses() {}

  /** The passes over the whole graph, in order; then it is cut into host and accelerator. */
  public static List<Pass> list() {
    return List.of(
        new FoldConstants(),
        new MergeEqualNodes(),
        new MergeBias(),
        new BatchesToDilation(),
        new EliminateDeadCode(),
        new RemoveIdentities(),
        new FoldBatchNormalization(),
        new LinearizeFloatArithmetic(),
        new IntegerizeQuantizedOperators(),
        new EliminateDeadCode(),
        new MergeActivation(),
        new TabulateConstantOperands(),
        new StreamConstantOperands(),
        new TabulateFunctionsOfOneValue(),
        new PadAsFeatureMaps(),
        new RemoveIdentities(),
        new EliminateDeadCode());
  }

  /** The passes over the accelerator part, in order. */
  public static List<Pass> ofAccelerator() {
    return List.of(new SettleValues(), new TabulateConstantOperands(), new EliminateDeadCode());
  }

  /**
   * The accelerator part without what has no effect on its result, for the lowering; the model
   * keeps it.
   *
   * @throws dev.etch.diagnostic.DiagnosticException if an accumulator may overflow
   */
  public static Graph keepWhatMatters(Graph accelerator, DiagnosticCollector diagnostics) {
    return new PassRunner(ofAccelerator()).run(accelerator, diagnostics);
  }

  /**
   * Runs the passes and cuts the result into host and accelerator.
   *
   * @throws dev.etch.diagnostic.DiagnosticException with all errors, if the model cannot be
   *     accelerated
   */
  public static PartitionedModel prepare(Graph graph, DiagnosticCollector diagnostics) {
    return prepare(graph, diagnostics, (pass, result) -> {});
  }

  /** As {@link #prepare(Graph, DiagnosticCollector)}, handing out the graph after each pass. */
  public static PartitionedModel prepare(
      Graph graph, DiagnosticCollector diagnostics, BiConsumer<Pass, Graph> dump) {
    Graph integer = new PassRunner(list(), dump).run(graph, diagnostics);
    var partitioned = Partition.of(integer, diagnostics);
    diagnostics.throwIfErrors();
    return partitioned.orElseThrow(() -> new CompilerBug("no partition and no error"));
  }
}
