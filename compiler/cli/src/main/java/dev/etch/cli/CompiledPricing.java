// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.compress.search.Price;
import dev.etch.compress.search.Pricing;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.Graph;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Mapping;
import java.util.Map;
import java.util.Optional;

/** Prices models by compiling them. */
final class CompiledPricing implements Pricing {
  private final Mapping mapping;

  /** Prices within the budget of a mapping whose foldings are open. */
  CompiledPricing(Mapping mapping) {
    this.mapping = mapping;
  }

  @Override
  public Optional<Price> of(Graph quantized) {
    return design(quantized).map(CompiledPricing::price);
  }

  /** The design; empty if none keeps the budget. */
  Optional<Compilation> design(Graph quantized) {
    try {
      return Optional.of(Pipeline.compile(quantized, mapping, false, new DiagnosticCollector()));
    } catch (DiagnosticException refused) {
      return Optional.empty();
    }
  }

  static Price price(Compilation design) {
    Map<String, Long> taken =
        Budget.Resources.taken(design.area().total(), design.scheduled().mapping().target());
    return new Price(
        design.scheduled().prediction().cyclesPerFrame(),
        taken.get("lut"),
        taken.get("dsp"),
        taken.get("bram"));
  }
}
