// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.cluster;

import dev.etch.compress.training.Restriction;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;

/**
 * Weights of a cluster are equal. What the free values of its weights stand for is their mean; the
 * gradient by each is the sum over the cluster, so that an optimizer moves all of them, and with
 * them the centroid, by one step for the cluster. Source: S. Han, H. Mao, W. Dally, Deep
 * Compression, ICLR 2016, section 3.3.
 *
 * @param clusters one a weight, from 0; {@link #NONE} for weights that share nothing; is not copied
 * @param count of clusters
 */
public record SharedValues(int[] clusters, int count) implements Restriction, Serializable {
  /** No cluster: the weight is zero, and stays so. */
  public static final int NONE = -1;

  public SharedValues {
    Objects.requireNonNull(clusters);
    for (int cluster : clusters) {
      if (cluster < NONE || cluster >= count) {
        throw new IllegalArgumentException("cluster " + cluster + " of " + count);
      }
    }
  }

  @Override
  public float[] restrict(float[] values) {
    float[] centroids = centroids(values);
    float[] result = new float[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = clusters[i] == NONE ? 0 : centroids[clusters[i]];
    }
    return result;
  }

  @Override
  public float[] gradient(float[] values, float[] gradient) {
    double[] sums = sums(gradient);
    float[] result = new float[gradient.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = clusters[i] == NONE ? 0 : (float) sums[clusters[i]];
    }
    return result;
  }

  /**
   * Bits of the numbers of clusters, one a weight, and of the centroids, without any code: those of
   * weights that share nothing are not counted.
   *
   * @param valueBits of a centroid
   */
  public long storedBits(int valueBits) {
    long members = Arrays.stream(clusters).filter(cluster -> cluster != NONE).count();
    int indexBits = 32 - Integer.numberOfLeadingZeros(Math.max(0, count - 1));
    return members * indexBits + (long) count * valueBits;
  }

  /** The mean of each cluster; 0 of one without weights. */
  public float[] centroids(float[] values) {
    double[] sums = sums(values);
    int[] members = new int[count];
    for (int cluster : clusters) {
      if (cluster != NONE) {
        members[cluster]++;
      }
    }
    float[] centroids = new float[count];
    for (int cluster = 0; cluster < count; cluster++) {
      centroids[cluster] = members[cluster] == 0 ? 0 : (float) (sums[cluster] / members[cluster]);
    }
    return centroids;
  }

  private double[] sums(float[] values) {
    double[] sums = new double[count];
    for (int i = 0; i < values.length; i++) {
      if (clusters[i] != NONE) {
        sums[clusters[i]] += values[i];
      }
    }
    return sums;
  }
}
