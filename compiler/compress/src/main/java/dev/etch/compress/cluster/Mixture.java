// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.cluster;

import java.io.Serializable;
import java.util.Objects;

/**
 * A mixture of normal distributions, of which the first has a mean of 0 and a share that does not
 * change: what is near 0 is pruned.
 *
 * @param shares of the components, above 0, 1 together
 * @param means of the components; the first is 0
 * @param deviations of the components, above 0
 */
public record Mixture(double[] shares, double[] means, double[] deviations)
    implements Serializable {
  public Mixture {
    Objects.requireNonNull(shares);
    if (means.length != shares.length || deviations.length != shares.length || means[0] != 0) {
      throw new IllegalArgumentException(shares.length + " components");
    }
  }

  /**
   * Components whose means are evenly between the smallest and the largest weight.
   *
   * @param count of components without that of 0, at least 1
   * @param zeros share of the component of 0, above 0 and below 1
   */
  public static Mixture of(float[] weights, int count, double zeros) {
    double low = 0;
    double high = 0;
    double squares = 0;
    for (float weight : weights) {
      low = Math.min(low, weight);
      high = Math.max(high, weight);
      squares += (double) weight * weight;
    }
    double[] shares = new double[count + 1];
    double[] means = new double[count + 1];
    double[] deviations = new double[count + 1];
    double deviation = Math.max(Math.sqrt(squares / weights.length) / 2, Double.MIN_NORMAL);
    for (int k = 0; k <= count; k++) {
      shares[k] = k == 0 ? zeros : (1 - zeros) / count;
      means[k] = k == 0 ? 0 : low + (high - low) * (k - 0.5) / count;
      deviations[k] = deviation;
    }
    return new Mixture(shares, means, deviations);
  }

  /** The negative logarithm of a weight's density. */
  double loss(double weight) {
    double[] logs = new double[shares.length];
    return -sum(logs, weight);
  }

  /** The logarithm of the sum of the components' densities; {@code logs} are theirs. */
  private double sum(double[] logs, double weight) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < logs.length; k++) {
      double distance = (weight - means[k]) / deviations[k];
      logs[k] =
          Math.log(shares[k] / deviations[k]) - distance * distance / 2 - Math.log(2 * Math.PI) / 2;
      largest = Math.max(largest, logs[k]);
    }
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - largest);
    }
    return largest + Math.log(sum);
  }

  /** What part of a weight is of each component. */
  private void parts(double weight, double[] into) {
    double all = sum(into, weight);
    for (int k = 0; k < into.length; k++) {
      into[k] = Math.exp(into[k] - all);
    }
  }

  /** The derivative of {@link #loss}. */
  double slope(double weight) {
    double[] parts = new double[shares.length];
    parts(weight, parts);
    double slope = 0;
    for (int k = 0; k < parts.length; k++) {
      slope += parts[k] * (weight - means[k]) / (deviations[k] * deviations[k]);
    }
    return slope;
  }

  /** The component that a weight is of most likely. */
  int likeliest(double weight) {
    double[] parts = new double[shares.length];
    parts(weight, parts);
    int best = 0;
    for (int k = 1; k < parts.length; k++) {
      best = parts[k] > parts[best] ? k : best;
    }
    return best;
  }

  /**
   * The mixture after a step of expectation maximization, of A. Dempster, N. Laird, D. Rubin,
   * Maximum Likelihood from Incomplete Data via the EM Algorithm, 1977.
   *
   * @param least deviation that components have: with none, they would shrink to single weights
   */
  public Mixture fitted(float[] weights, double least) {
    int count = shares.length;
    double[] sums = new double[count];
    double[] firsts = new double[count];
    double[] seconds = new double[count];
    double[] parts = new double[count];
    for (float weight : weights) {
      parts(weight, parts);
      for (int k = 0; k < count; k++) {
        sums[k] += parts[k];
        firsts[k] += parts[k] * weight;
        seconds[k] += parts[k] * weight * weight;
      }
    }
    return fitted(weights.length - sums[0], sums, firsts, seconds, least);
  }

  private Mixture fitted(
      double others, double[] sums, double[] firsts, double[] seconds, double least) {
    int count = shares.length;
    double[] newShares = new double[count];
    double[] newMeans = new double[count];
    double[] newDeviations = new double[count];
    for (int k = 0; k < count; k++) {
      double weight = Math.max(sums[k], 1e-12);
      newMeans[k] = k == 0 ? 0 : firsts[k] / weight;
      double variance = seconds[k] / weight - newMeans[k] * newMeans[k];
      newDeviations[k] = Math.max(Math.sqrt(Math.max(variance, 0)), least);
      double part = Math.max(sums[k] / Math.max(others, 1e-12), 1e-9);
      newShares[k] = k == 0 ? shares[0] : (1 - shares[0]) * part;
    }
    return new Mixture(newShares, newMeans, newDeviations);
  }
}
