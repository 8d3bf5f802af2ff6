// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

/** How the learning rate falls in the course of a training. */
public enum Schedule {
  /** It does not. */
  CONSTANT {
    @Override
    double factor(double progress) {
      return 1;
    }
  },

  /**
   * As half a wave, to 0. Source: I. Loshchilov, F. Hutter, SGDR: Stochastic Gradient Descent with
   * Warm Restarts, ICLR 2017.
   */
  COSINE {
    @Override
    double factor(double progress) {
      return 0.5 * (1 + Math.cos(Math.PI * progress));
    }
  },

  /** To a tenth behind the half, to a hundredth behind three quarters. */
  STEPS {
    @Override
    double factor(double progress) {
      return progress < 0.5 ? 1 : progress < 0.75 ? 0.1 : 0.01;
    }
  };

  /** What the rate is multiplied by when so much, 0 to 1, of the training is done. */
  abstract double factor(double progress);
}
