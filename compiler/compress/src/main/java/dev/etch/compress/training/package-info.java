// SPDX-License-Identifier: Apache-2.0
/**
 * Trains networks: batches, optimizers, and what weights are allowed to be meanwhile. Gradients
 * come from a {@link dev.etch.compress.training.Differentiator}; all else is plain Java, with
 * arrays.
 */
package dev.etch.compress.training;
