// SPDX-License-Identifier: Apache-2.0
package dev.etch.pass;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;

/** One transformation of the graph; one class and one golden test. */
public interface Pass {
  /** Name in dumps, timings and golden tests: words joined by dashes. */
  String name();

  /** The new graph; what the user must know goes to {@code diagnostics}. */
  Graph run(Graph graph, DiagnosticCollector diagnostics);
}
