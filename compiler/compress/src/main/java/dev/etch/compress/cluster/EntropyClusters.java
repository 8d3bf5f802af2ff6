// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.cluster;

import java.util.Arrays;

/**
 * K-means that also makes the numbers of clusters short when they are coded: a weight belongs to
 * the cluster for which its squared distance plus the price of the cluster's bits is least, {@code
 * -log2} of the part of the weights that are in it. Rare clusters become rarer, and vanish. Source:
 * Y. Choi, M. El-Khamy, J. Lee, Towards the Limit of Network Quantization, ICLR 2017, section 4.3,
 * without their weights by the second derivative.
 */
public final class EntropyClusters {
  private static final int MOST_ROUNDS = 200;

  private final float[] centroids;
  private final double[] bits;

  private EntropyClusters(float[] centroids, double[] bits) {
    this.centroids = centroids;
    this.bits = bits;
  }

  /**
   * Clusters of weights.
   *
   * @param clustered whether a weight is clustered; others, which were pruned, belong to none
   * @param count of clusters at most, at least 1
   * @param price of a bit, as a part of the mean squared weight that is clustered; 0 is k-means
   */
  public static SharedValues cluster(
      float[] weights, boolean[] clustered, int count, double price) {
    SharedValues shared = KMeans.cluster(weights, clustered, count, KMeans.Start.LINEAR, 1);
    double cost = price * meanSquare(weights, clustered);
    for (int round = 0; round < MOST_ROUNDS && shared.count() > 0; round++) {
      SharedValues next = of(shared, weights).assign(weights, clustered, cost);
      if (Arrays.equals(next.clusters(), shared.clusters())) {
        break;
      }
      shared = next;
    }
    return shared;
  }

  private static double meanSquare(float[] weights, boolean[] clustered) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < weights.length; i++) {
      if (clustered[i]) {
        sum += (double) weights[i] * weights[i];
        count++;
      }
    }
    return count == 0 ? 0 : sum / count;
  }

  private static EntropyClusters of(SharedValues shared, float[] weights) {
    int[] members = new int[shared.count()];
    int all = 0;
    for (int cluster : shared.clusters()) {
      if (cluster != SharedValues.NONE) {
        members[cluster]++;
        all++;
      }
    }
    double[] bits = new double[members.length];
    for (int cluster = 0; cluster < bits.length; cluster++) {
      bits[cluster] = Math.log((double) all / members[cluster]) / Math.log(2);
    }
    return new EntropyClusters(shared.centroids(weights), bits);
  }

  private SharedValues assign(float[] weights, boolean[] clustered, double cost) {
    int[] clusters = new int[weights.length];
    boolean[] used = new boolean[centroids.length];
    for (int i = 0; i < clusters.length; i++) {
      clusters[i] = clustered[i] ? cheapest(weights[i], cost) : SharedValues.NONE;
      if (clustered[i]) {
        used[clusters[i]] = true;
      }
    }
    int[] numbers = new int[centroids.length];
    int count = 0;
    for (int cluster = 0; cluster < used.length; cluster++) {
      numbers[cluster] = count;
      count += used[cluster] ? 1 : 0;
    }
    for (int i = 0; i < clusters.length; i++) {
      clusters[i] = clusters[i] == SharedValues.NONE ? SharedValues.NONE : numbers[clusters[i]];
    }
    return new SharedValues(clusters, count);
  }

  private int cheapest(float weight, double cost) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int cluster = 0; cluster < centroids.length; cluster++) {
      double distance = weight - (double) centroids[cluster];
      double total = distance * distance + cost * bits[cluster];
      if (total < least) {
        least = total;
        best = cluster;
      }
    }
    return best;
  }
}
