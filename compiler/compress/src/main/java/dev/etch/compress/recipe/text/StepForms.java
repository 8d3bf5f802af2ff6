// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.prune.Blocks;
import dev.etch.compress.prune.KeptOfGroup;
import dev.etch.compress.prune.Pattern;
import dev.etch.compress.recipe.Cluster;
import dev.etch.compress.recipe.ClusterByEntropy;
import dev.etch.compress.recipe.DropPrune;
import dev.etch.compress.recipe.Equalize;
import dev.etch.compress.recipe.Factorize;
import dev.etch.compress.recipe.Fold;
import dev.etch.compress.recipe.MakeCirculant;
import dev.etch.compress.recipe.Prune;
import dev.etch.compress.recipe.PruneChannels;
import dev.etch.compress.recipe.PrunePattern;
import dev.etch.compress.recipe.PruneSecondOrder;
import dev.etch.compress.recipe.QuantizeWeights;
import dev.etch.compress.recipe.RoundWeights;
import dev.etch.compress.recipe.ShareSoftly;
import dev.etch.compress.recipe.SignWeights;
import dev.etch.compress.recipe.Step;
import dev.etch.compress.recipe.Surgery;
import dev.etch.compress.recipe.Teach;
import dev.etch.compress.recipe.TeachInside;
import dev.etch.compress.recipe.Train;
import dev.etch.diagnostic.CompilerBug;
import java.util.List;
import java.util.function.Function;

/** The lines that steps are read from. */
final class StepForms {
  /** Every step that there is. */
  private static final List<Form<?>> FORMS =
      List.of(
          new Form<>(Train.class, TrainLine::of),
          new Form<>(Fold.class, FoldLine::of),
          new Form<>(Equalize.class, EqualizeLine::of),
          new Form<>(Teach.class, TeachLine::of),
          new Form<>(TeachInside.class, TeachLine::of),
          new Form<>(Prune.class, PruneLine::of),
          new Form<>(Surgery.class, SurgeryLine::of),
          new Form<>(DropPrune.class, DropPruneLine::of),
          new Form<>(PruneSecondOrder.class, PruneSecondOrderLine::of),
          new Form<>(PrunePattern.class, StepForms::line),
          new Form<>(PruneChannels.class, PruneChannelsLine::of),
          new Form<>(Factorize.class, FactorizeLine::of),
          new Form<>(Cluster.class, ClusterLine::of),
          new Form<>(ClusterByEntropy.class, ClusterByEntropyLine::of),
          new Form<>(ShareSoftly.class, ShareSoftlyLine::of),
          new Form<>(QuantizeWeights.class, QuantizeWeightsLine::of),
          new Form<>(RoundWeights.class, RoundWeightsLine::of),
          new Form<>(SignWeights.class, SignsLine::of),
          new Form<>(MakeCirculant.class, CirculantLine::of));

  private StepForms() {}

  /**
   * A step's line.
   *
   * @param type of the step
   * @param line that says it
   */
  private record Form<S extends Step>(Class<S> type, Function<S, StepLine> line) {
    StepLine of(Step step) {
      return line.apply(type.cast(step));
    }
  }

  static StepLine line(Step step) {
    return FORMS.stream()
        .filter(form -> form.type() == step.getClass())
        .findFirst()
        .orElseThrow(() -> new CompilerBug("no text form of " + step))
        .of(step);
  }

  private static StepLine line(PrunePattern step) {
    return step.pattern()
        .accept(
            new Pattern.Visitor<StepLine>() {
              @Override
              public StepLine visit(Blocks pattern) {
                return PruneBlocksLine.of(step, pattern);
              }

              @Override
              public StepLine visit(KeptOfGroup pattern) {
                return PruneGroupsLine.of(step, pattern);
              }
            });
  }
}
