// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.quantize.Calibration;
import dev.etch.compress.quantize.QuantizationPlan;
import dev.etch.compress.quantize.RangeRule;
import dev.etch.compress.quantize.WeightScale;
import dev.etch.diagnostic.CompilerBug;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;

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
 * @param ranges COVERED, or SQUARED_ERROR for the range of what is covered whose error is least;
 *     COVERED if left out
 */
record QuantizeLine(
    Optional<Integer> weightBits,
    Optional<List<LayerBits>> layers,
    Optional<Boolean> perChannel,
    Optional<WeightScale> weightScale,
    Optional<Integer> activationBits,
    Optional<Boolean> asymmetric,
    Optional<Integer> calibration,
    Optional<Double> percentile,
    Optional<RangeRule> ranges)
    implements SettingLine {
  private static final double PERCENT = 100;

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
            new Calibration(
                calibration.orElse(1000),
                percentile.orElse(PERCENT) / PERCENT,
                ranges.orElse(RangeRule.COVERED))));
  }

  static QuantizeLine of(QuantizationPlan plan) {
    return new QuantizeLine(
        Optional.of(plan.weightBits()),
        Named.bits(plan.weightBitsByLayer()),
        Optional.of(plan.perChannel()),
        Optional.of(plan.weightScale()),
        Optional.of(plan.activationBits()),
        Optional.of(plan.asymmetric()),
        Optional.of(plan.calibration().items()),
        Optional.of(percent(plan.calibration().percentile())),
        Optional.of(plan.calibration().rule()));
  }

  /** The number with the fewest digits of which {@code part} is a hundredth, bit by bit. */
  private static double percent(double part) {
    double near = part * PERCENT;
    double few = BigDecimal.valueOf(near).round(new MathContext(12)).doubleValue();
    return DoubleStream.of(few, near, Math.nextUp(near), Math.nextDown(near))
        .filter(percent -> percent / PERCENT == part)
        .findFirst()
        .orElseThrow(() -> new CompilerBug(part + " is no percentage"));
  }
}
