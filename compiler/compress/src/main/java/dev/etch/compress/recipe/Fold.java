// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.network.Network;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Trainer;
import dev.etch.diagnostic.CompilerBug;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.optimize.EliminateDeadCode;
import dev.etch.optimize.FoldBatchNormalization;
import dev.etch.optimize.FoldConstants;
import dev.etch.optimize.RemoveIdentities;
import dev.etch.pass.PassRunner;
import java.util.List;

/**
 * Makes batch normalizations part of the weights and biases in front of them, so that later steps
 * see the numbers that hardware gets. It gives constants new names, so it stands in front of all
 * steps that restrict them.
 */
public record Fold() implements Step {
  @Override
  public String title() {
    return "fold";
  }

  @Override
  public Model apply(Model model, Trainer trainer, long seed) {
    return fold(model);
  }

  /** The model without batch normalizations that can be folded. */
  static Model fold(Model model) {
    if (!isPossible(model)) {
      throw new CompilerBug("folding behind a step that restricts weights");
    }
    PassRunner passes =
        new PassRunner(
            List.of(
                new FoldConstants(),
                new RemoveIdentities(),
                new FoldBatchNormalization(),
                new EliminateDeadCode()));
    Network folded = new Network(passes.run(model.network().graph(), new DiagnosticCollector()));
    return new Model(folded, model.restrictions(), model.teacher());
  }

  /** Whether nothing restricts constants by their names yet. */
  static boolean isPossible(Model model) {
    return model.restrictions().byName().isEmpty();
  }
}
