// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.compress.recipe.DropPrune;
import dev.etch.compress.recipe.Prune;
import dev.etch.compress.recipe.PrunePattern;
import dev.etch.compress.recipe.Recipe;
import dev.etch.compress.recipe.Step;
import dev.etch.compress.recipe.Surgery;
import dev.etch.compress.training.TrainingPlan;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A recipe around its step that prunes, whose place a search takes.
 *
 * @param before steps in front of it
 * @param plan of its training
 * @param behind steps behind it
 */
record PruningRecipe(List<Step> before, TrainingPlan plan, List<Step> behind) {
  /** Steps that prune weights, and their training. */
  private static final Map<Class<? extends Step>, Function<Step, TrainingPlan>> PLANS =
      Map.of(
          Prune.class, step -> ((Prune) step).plan(),
          Surgery.class, step -> ((Surgery) step).plan(),
          DropPrune.class, step -> ((DropPrune) step).plan(),
          PrunePattern.class, step -> ((PrunePattern) step).plan());

  /**
   * A recipe in its parts.
   *
   * @throws DiagnosticException unless exactly one step prunes
   */
  static PruningRecipe of(Recipe recipe) {
    List<Step> steps = recipe.steps();
    List<Integer> prune =
        IntStream.range(0, steps.size())
            .filter(i -> PLANS.containsKey(steps.get(i).getClass()))
            .boxed()
            .toList();
    if (prune.size() != 1) {
      throw new DiagnosticException(
          Location.option("a search"),
          "takes the place of the step that prunes, and the recipe has " + prune.size(),
          "give a preset or a recipe with one");
    }
    int at = prune.get(0);
    return new PruningRecipe(
        List.copyOf(steps.subList(0, at)),
        PLANS.get(steps.get(at).getClass()).apply(steps.get(at)),
        List.copyOf(steps.subList(at + 1, steps.size())));
  }
}
