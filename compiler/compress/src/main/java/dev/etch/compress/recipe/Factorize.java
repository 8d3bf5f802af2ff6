// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.factorize.Factorizer;
import dev.etch.compress.factorize.Method;
import dev.etch.compress.factorize.RankRule;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.compress.training.Adjustment;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Trainer;
import dev.etch.compress.training.TrainingPlan;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import java.util.Map;
import java.util.Objects;

/**
 * Makes layers products of smaller ones, and trains those. What is masked or shared in a layer
 * would be lost, so it stands in front of steps that restrict the layers that it names.
 *
 * @param method how
 * @param rules how ranks are chosen, by the names of layers
 * @param plan the training
 */
public record Factorize(Method method, Map<String, RankRule> rules, TrainingPlan plan)
    implements Step {
  public Factorize {
    Objects.requireNonNull(method);
    rules = Map.copyOf(rules);
  }

  @Override
  public String title() {
    return "factorize";
  }

  @Override
  public Model apply(Model model, Trainer trainer, long seed) {
    for (WeightedLayer layer : model.network().layers()) {
      if (rules.containsKey(layer.name()) && !model.restrictions().of(layer.weights()).isEmpty()) {
        throw new DiagnosticException(
            Location.option("factorize"),
            "the weights of layer '" + layer.name() + "' are pruned, shared or rounded already",
            "factorize it in an earlier step");
      }
    }
    Model factors =
        new Model(
            Factorizer.factorize(model.network(), method, rules),
            model.restrictions(),
            model.teacher());
    return trainer.train(title(), factors, plan, Adjustment.NONE, seed);
  }
}
