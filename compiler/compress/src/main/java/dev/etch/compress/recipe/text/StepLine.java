// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.recipe.Step;

/** A line that is a step. */
sealed interface StepLine extends RecipeLine
    permits CirculantLine,
        ClusterByEntropyLine,
        ClusterLine,
        DropPruneLine,
        EqualizeLine,
        FactorizeLine,
        FoldLine,
        PruneBlocksLine,
        PruneChannelsLine,
        PruneGroupsLine,
        PruneLine,
        PruneSecondOrderLine,
        QuantizeWeightsLine,
        RoundWeightsLine,
        ShareSoftlyLine,
        SignsLine,
        SurgeryLine,
        TeachLine,
        TrainLine {
  /**
   * The step.
   *
   * @throws IllegalArgumentException if a number is out of range; the message says which
   */
  Step step(RecipeDraft draft);

  /** Whether weights are restricted behind it, so that batch normalizations cannot be folded. */
  default boolean restricts() {
    return true;
  }
}
