// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.cluster;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * One-dimensional k-means. Source: S. Lloyd, Least Squares Quantization in PCM, IEEE Transactions
 * on Information Theory 28, 1982; the three ways to begin are those of Deep Compression, section
 * 3.2.
 */
public final class KMeans {
  private static final int MOST_ROUNDS = 300;

  /** Where centroids begin. */
  public enum Start {
    /** Evenly between the smallest and the largest weight: large weights get centroids. */
    LINEAR {
      @Override
      float[] centroids(float[] sorted, int count, SplittableRandom random) {
        float[] centroids = new float[count];
        float low = sorted[0];
        float high = sorted[sorted.length - 1];
        for (int i = 0; i < count; i++) {
          centroids[i] = count == 1 ? (low + high) / 2 : low + (high - low) * i / (count - 1);
        }
        return centroids;
      }
    },

    /** So that each has equally many weights. */
    DENSITY {
      @Override
      float[] centroids(float[] sorted, int count, SplittableRandom random) {
        float[] centroids = new float[count];
        for (int i = 0; i < count; i++) {
          centroids[i] = sorted[(int) ((2L * i + 1) * sorted.length / (2L * count))];
        }
        return centroids;
      }
    },

    /** At random weights. */
    RANDOM {
      @Override
      float[] centroids(float[] sorted, int count, SplittableRandom random) {
        float[] centroids = new float[count];
        for (int i = 0; i < count; i++) {
          centroids[i] = sorted[random.nextInt(sorted.length)];
        }
        Arrays.sort(centroids);
        return centroids;
      }
    };

    abstract float[] centroids(float[] sorted, int count, SplittableRandom random);
  }

  private KMeans() {}

  /**
   * Clusters of weights. Those that no weight is nearest to vanish, so there may be fewer than
   * {@code count}.
   *
   * @param clustered whether a weight is clustered; others, which were pruned, belong to none
   * @param count of clusters at most, at least 1
   */
  public static SharedValues cluster(
      float[] weights, boolean[] clustered, int count, Start start, long seed) {
    float[] sorted = chosen(weights, clustered);
    if (sorted.length == 0) {
      return assign(weights, clustered, new float[0]);
    }
    Arrays.sort(sorted);
    float[] centroids = start.centroids(sorted, count, new SplittableRandom(seed));
    for (int round = 0; round < MOST_ROUNDS; round++) {
      float[] moved = means(sorted, centroids);
      if (Arrays.equals(moved, centroids)) {
        break;
      }
      centroids = moved;
    }
    return assign(weights, clustered, used(sorted, centroids));
  }

  private static float[] chosen(float[] weights, boolean[] clustered) {
    float[] result = new float[weights.length];
    int count = 0;
    for (int i = 0; i < weights.length; i++) {
      if (clustered[i]) {
        result[count++] = weights[i];
      }
    }
    return Arrays.copyOf(result, count);
  }

  /** Means of what is nearest to each centroid; both arrays ascend, so clusters are intervals. */
  private static float[] means(float[] sorted, float[] centroids) {
    float[] means = centroids.clone();
    int next = 0;
    for (int cluster = 0; cluster < centroids.length; cluster++) {
      double sum = 0;
      int first = next;
      while (next < sorted.length && nearest(centroids, sorted[next]) == cluster) {
        sum += sorted[next++];
      }
      if (next > first) {
        means[cluster] = (float) (sum / (next - first));
      }
    }
    return means;
  }

  private static float[] used(float[] sorted, float[] centroids) {
    boolean[] used = new boolean[centroids.length];
    for (float weight : sorted) {
      used[nearest(centroids, weight)] = true;
    }
    float[] result = new float[centroids.length];
    int count = 0;
    for (int cluster = 0; cluster < used.length; cluster++) {
      if (used[cluster]) {
        result[count++] = centroids[cluster];
      }
    }
    return Arrays.copyOf(result, count);
  }

  private static SharedValues assign(float[] weights, boolean[] clustered, float[] centroids) {
    int[] clusters = new int[weights.length];
    for (int i = 0; i < clusters.length; i++) {
      clusters[i] = clustered[i] ? nearest(centroids, weights[i]) : SharedValues.NONE;
    }
    return new SharedValues(clusters, centroids.length);
  }

  /** The nearest of ascending centroids; the first of equals. */
  private static int nearest(float[] centroids, float weight) {
    int at = Arrays.binarySearch(centroids, weight);
    int above = at >= 0 ? at : -at - 1;
    while (at >= 0 && above > 0 && centroids[above - 1] == weight) {
      above--;
    }
    if (above == 0 || (above < centroids.length && centroids[above] == weight)) {
      return above;
    }
    int below = above - 1;
    while (below > 0 && centroids[below - 1] == centroids[below]) {
      below--;
    }
    return above < centroids.length
            && centroids[above] - (double) weight < weight - (double) centroids[below]
        ? above
        : below;
  }
}
