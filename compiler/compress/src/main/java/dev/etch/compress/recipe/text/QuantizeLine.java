// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.quantize.Calibration;
import dev.etch.compress.quantize.QuantizationPlan;
import dev.etch.compress.quantize.WeightScale;
import java.util.List;
import java.util.Optional;

/**
 * {@code quantize}: the integers that the result has, and that are measured behind each step.
 *
 * @param weightBits 8 if left out
 * @param layers whose weights have other numbers of bits
 * @param perChannel whether each output has a scale; true if left out
 * @param weightScale LARGEST or another rule; LARGEST if left out
 * @param activationBits 8 if left out
 * @param asymmetric whether activations have zero points; not if left out
 * @param calibration items that give the ranges of activations; 1000 if left out
 * @param percentile of each item's activations that ranges cover; 100 if left out
 */
record QuantizeLine(
    Optional<Integer> weightBits,
    Optional<List<LayerBits>> layers,
    Optional<Boolean> perChannel,
    Optional<WeightScale> weightScale,
    Optional<Integer> activationBits,
    Optional<Boolean> asymmetric,
    Optional<Integer> calibration,
    Optional<Double> percentile)
    implements SettingLine {
  @Override
  public void apply(RecipeDraft draft) {
    draft.quantize(
        new QuantizationPlan(
            weightBits.orElse(8),
            draft.bits(layers),
            perChannel.orElse(true),
            weightScale.orElse(WeightScale.LARGEST),
            activationBits.orElse(8),
            asymmetric.orElse(false),
            new Calibration(calibration.orElse(1000), percentile.orElse(100.0) / 100)));
  }
}
