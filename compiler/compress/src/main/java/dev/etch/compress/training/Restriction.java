// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

/**
 * What the weights of a layer are allowed to be: some are zero, some are equal, all are of a few
 * values. Training keeps free values beside it, and what the network computes with follows from
 * them. Immutable. Those that an {@link Adjustment} makes are {@link java.io.Serializable}, because
 * checkpoints keep them.
 */
public interface Restriction {
  /**
   * The allowed values that stand for free ones; allowed ones stand for themselves.
   *
   * @param values is not changed
   */
  float[] restrict(float[] values);

  /**
   * The gradient by the free values.
   *
   * @param values the free values
   * @param gradient by what they stand for; is not changed
   */
  float[] gradient(float[] values, float[] gradient);
}
