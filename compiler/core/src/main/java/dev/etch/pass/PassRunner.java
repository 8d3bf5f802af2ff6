// SPDX-License-Identifier: Apache-2.0
package dev.etch.pass;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Runs a list of passes in order. Every graph verifies itself when it is made, so each pass is
 * verified; errors that a pass reports end the run after it.
 */
public final class PassRunner {
  private final List<Pass> passes;
  private final BiConsumer<Pass, Graph> dump;
  private final List<Timing> timings = new ArrayList<>();

  /** How long one pass took. */
  public record Timing(String pass, long nanoseconds) {}

  /** Runs {@code passes} without dumping. */
  public PassRunner(List<Pass> passes) {
    this(passes, (pass, graph) -> {});
  }

  /** Runs {@code passes} and hands the graph after each to {@code dump}. */
  public PassRunner(List<Pass> passes, BiConsumer<Pass, Graph> dump) {
    this.passes = List.copyOf(passes);
    this.dump = dump;
  }

  /**
   * The graph after all passes.
   *
   * @throws dev.etch.diagnostic.DiagnosticException as soon as a pass has reported an error
   */
  public Graph run(Graph graph, DiagnosticCollector diagnostics) {
    Graph current = graph;
    for (Pass pass : passes) {
      long start = System.nanoTime();
      current = pass.run(current, diagnostics);
      timings.add(new Timing(pass.name(), System.nanoTime() - start));
      dump.accept(pass, current);
      diagnostics.throwIfErrors();
    }
    return current;
  }

  /** One entry for each pass that was run, in order. */
  public List<Timing> timings() {
    return List.copyOf(timings);
  }
}
