// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.data.Augmentation;
import dev.etch.compress.data.Normalization;
import dev.etch.compress.quantize.QuantizationPlan;
import java.util.List;
import java.util.Objects;

/**
 * What is done to a model.
 *
 * @param normalization of the data
 * @param augmentation of the training set
 * @param steps in their order
 * @param quantization of the result, and of what is measured behind each step
 */
public record Recipe(
    Normalization normalization,
    Augmentation augmentation,
    List<Step> steps,
    QuantizationPlan quantization) {
  public Recipe {
    Objects.requireNonNull(normalization);
    Objects.requireNonNull(augmentation);
    Objects.requireNonNull(quantization);
    steps = List.copyOf(steps);
  }
}
