// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import dev.etch.tensor.Shape;

/**
 * Blocks of a layer's matrix [outputs, inputs * kernelHeight * kernelWidth] are pruned as a whole:
 * those whose weights have the least mean square. At the matrix' edges blocks are smaller. Source:
 * S. Narang, E. Undersander, G. Diamos, Block-Sparse Recurrent Neural Networks, 2017.
 *
 * @param rows outputs of a block, at least 1
 * @param columns weights of each of them, at least 1
 * @param density part of the blocks that stays, above 0 to 1; at least one does
 */
public record Blocks(int rows, int columns, double density) implements Pattern {
  public Blocks {
    if (rows < 1 || columns < 1 || !(density > 0 && density <= 1)) {
      throw new IllegalArgumentException(rows + " x " + columns + ", density " + density);
    }
  }

  @Override
  public Mask mask(float[] weights, Shape shape, double left) {
    int width = weights.length / shape.dimension(0);
    int across = (width + columns - 1) / columns;
    int down = (shape.dimension(0) + rows - 1) / rows;
    float[] means = means(weights, width, across, down);
    double part = density + (1 - density) * left;
    int count = (int) Math.max(1, Math.round(part * means.length));
    boolean[] blocks = Magnitudes.largest(means, count).kept();
    boolean[] kept = new boolean[weights.length];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = blocks[block(i, width, across)];
    }
    return new Mask(kept);
  }

  private float[] means(float[] weights, int width, int across, int down) {
    double[] sums = new double[across * down];
    int[] sizes = new int[sums.length];
    for (int i = 0; i < weights.length; i++) {
      int block = block(i, width, across);
      sums[block] += (double) weights[i] * weights[i];
      sizes[block]++;
    }
    float[] means = new float[sums.length];
    for (int block = 0; block < means.length; block++) {
      means[block] = (float) (sums[block] / sizes[block]);
    }
    return means;
  }

  private int block(int index, int width, int across) {
    return index / width / rows * across + index % width / columns;
  }

  @Override
  public String title() {
    return "blocks of %d x %d".formatted(rows, columns);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
