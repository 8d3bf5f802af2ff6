// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.coding.ModelSize;
import dev.etch.compress.training.Model;
import dev.etch.graph.Graph;
import dev.etch.testbench.Accuracy;
import java.util.Optional;

/**
 * What came of a step.
 *
 * @param title of the step
 * @param model behind it, float
 * @param quantized the same, quantized
 * @param size of the quantized model
 * @param floatAccuracy of the float model on the test set; empty without a labelled one
 * @param accuracy of the quantized model on the test set, by the reference's integers
 */
public record StepResult(
    String title,
    Model model,
    Graph quantized,
    ModelSize size,
    Optional<Double> floatAccuracy,
    Optional<Accuracy> accuracy) {}
