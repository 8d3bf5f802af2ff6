// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.cluster;

import dev.etch.compress.training.Restriction;

/**
 * A dense layer's matrix consists of circulant blocks: within each, weights of a diagonal, which
 * goes on at the other side, are equal. So a block of {@code size} rows and columns has {@code
 * size} values. What free values stand for is the mean of each diagonal, the nearest such matrix.
 * Source: S. Wang, Z. Li, C. Ding, B. Yuan, Y. Wang, Q. Qiu, Y. Liang, C-LSTM, FPGA 2018.
 *
 * @param diagonals the weights of each diagonal as shared values; pruned weights belong to none
 */
public record CirculantBlocks(SharedValues diagonals) implements Restriction {
  /**
   * The blocks of a matrix; those at its edges are cut off.
   *
   * @param inputs columns of the matrix
   * @param size rows and columns of a block, at least 1
   * @param kept whether a weight may be other than zero, row-major
   */
  public static CirculantBlocks of(int inputs, int size, boolean[] kept) {
    int across = (inputs + size - 1) / size;
    int outputs = kept.length / inputs;
    int down = (outputs + size - 1) / size;
    int[] diagonals = new int[kept.length];
    for (int i = 0; i < diagonals.length; i++) {
      int row = i / inputs;
      int column = i % inputs;
      int block = row / size * across + column / size;
      int diagonal = Math.floorMod(row % size - column % size, size);
      diagonals[i] = kept[i] ? block * size + diagonal : SharedValues.NONE;
    }
    return new CirculantBlocks(new SharedValues(diagonals, across * down * size));
  }

  @Override
  public float[] restrict(float[] values) {
    return diagonals.restrict(values);
  }

  @Override
  public float[] gradient(float[] values, float[] gradient) {
    return diagonals.gradient(values, gradient);
  }
}
