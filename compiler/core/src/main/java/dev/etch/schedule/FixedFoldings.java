// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.Location;
import dev.etch.lower.Folding;
import dev.etch.lower.Plan;
import dev.etch.lower.Stage;
import java.util.LinkedHashSet;
import java.util.Set;

/** Checks the foldings that the user prescribes. */
final class FixedFoldings {
  private FixedFoldings() {}

  static void check(Plan plan, Mapping mapping, DiagnosticCollector diagnostics) {
    Set<String> unknown = new LinkedHashSet<>(mapping.layers().keySet());
    for (Stage.OfWindow stage : plan.windows()) {
      unknown.remove(stage.layer());
      Folding folding = mapping.layers().get(stage.layer());
      if (folding != null) {
        check(stage, folding, diagnostics);
      }
    }
    for (String layer : unknown) {
      diagnostics.error(
          Location.option("-m"),
          "the mapping names layer '" + layer + "', which this model does not have",
          "layers: " + plan.windows().stream().map(Stage.OfWindow::layer).toList());
    }
  }

  private static void check(
      Stage.OfWindow stage, Folding folding, DiagnosticCollector diagnostics) {
    int columns = stage.window().outputWidth();
    int outputs = stage.window().outputs().size() * folding.block();
    int channels = stage.window().frame().channels();
    demand(columns % folding.block() == 0, stage, "a block must divide " + columns, diagnostics);
    demand(
        outputs % folding.clusters() == 0, stage, "clusters must divide " + outputs, diagnostics);
    demand(
        channels % folding.inputElements() == 0,
        stage,
        "input elements must divide " + channels,
        diagnostics);
    demand(
        stage.window().word() == 1 || folding.inputElements() == stage.window().word(),
        stage,
        "input elements must be " + stage.window().word(),
        diagnostics);
    demand(
        stage.window().hasWeights() || (folding.group() == 1 && !folding.shared()),
        stage,
        "only layers with weights can share addresses",
        diagnostics);
  }

  private static void demand(
      boolean condition, Stage stage, String what, DiagnosticCollector diagnostics) {
    if (!condition) {
      diagnostics.error(
          Location.option("-m"),
          "the folding of layer '" + stage.layer() + "' does not fit: " + what,
          "change it, or leave it out and let Etch choose");
    }
  }
}
