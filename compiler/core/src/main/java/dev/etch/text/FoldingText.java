// SPDX-License-Identifier: Apache-2.0
package dev.etch.text;

import dev.etch.hardware.WordSource;
import dev.etch.lower.Addressing;
import dev.etch.lower.Buffering;
import dev.etch.lower.Folding;
import dev.etch.lower.LaneLayout;
import dev.etch.lower.ProductForm;
import dev.etch.lower.RescalingForm;
import java.util.Optional;

/** The attributes of a {@link Folding} in a mapping file, all on one level. */
record FoldingText(
    int block,
    int copies,
    int clusters,
    int ports,
    int group,
    int inputElements,
    Addressing addressing,
    WordSource weights,
    Optional<Integer> steps,
    boolean ahead,
    boolean banked,
    boolean logic,
    boolean scaling) {

  static FoldingText of(Folding folding) {
    LaneLayout layout = folding.layout();
    return new FoldingText(
        layout.block(),
        layout.copies(),
        layout.clusters(),
        layout.ports(),
        layout.group(),
        folding.buffering().inputElements(),
        layout.addressing(),
        folding.words(),
        folding.steps(),
        folding.buffering().ahead(),
        folding.buffering().banked(),
        folding.products() == ProductForm.ADDERS,
        folding.rescaling() == RescalingForm.MULTIPLIER);
  }

  /**
   * What it stands for.
   *
   * @throws IllegalArgumentException if a number is too small, or copies do not divide a block
   */
  Folding folding() {
    return new Folding(
        new LaneLayout(block, copies, clusters, ports, group, addressing),
        weights,
        steps,
        new Buffering(inputElements, ahead, banked),
        logic ? ProductForm.ADDERS : ProductForm.MULTIPLIERS,
        scaling ? RescalingForm.MULTIPLIER : RescalingForm.ADDERS);
  }
}
