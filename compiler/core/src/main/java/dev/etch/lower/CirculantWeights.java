// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.hardware.MatrixRotation;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds out whether a matrix consists of circulant blocks, see {@link MatrixRotation}; those at its
 * edges may be cut off.
 */
final class CirculantWeights {
  private final int[] weights;
  private final int rows;
  private final int columns;

  /**
   * A matrix.
   *
   * @param weights row-major
   */
  CirculantWeights(int[] weights, int columns) {
    this.weights = weights;
    this.rows = weights.length / columns;
    this.columns = columns;
  }

  /**
   * Rows and columns of the blocks for which the fewest weights are stored; empty if they are not
   * fewer than those that are not zero.
   */
  Optional<Integer> size() {
    long nonzero = Arrays.stream(weights).filter(weight -> weight != 0).count();
    Optional<Integer> best = Optional.empty();
    long least = nonzero - 1;
    for (int size = 2; size <= MatrixRotation.MOST_SIZE; size *= 2) {
      long stored = (long) blocks(rows, size) * blocks(columns, size) * size;
      if (stored <= least && consistsOf(size)) {
        least = stored;
        best = Optional.of(size);
      }
    }
    return best;
  }

  private static int blocks(int number, int size) {
    return (number + size - 1) / size;
  }

  /** Whether each weight is that above and to the left of it, within its block. */
  private boolean consistsOf(int size) {
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        if (weights[row * columns + column] != before(row, column, size)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The nearest weight in front of one that must be equal; itself if there is none. */
  private int before(int row, int column, int size) {
    int ofRow = row % size;
    if (ofRow == 0) {
      return weights[row * columns + column];
    }
    int ofColumn = column % size;
    // In the row above, and in those above that where this is cut off
    for (int up = 1; up <= ofRow; up++) {
      int at = column - ofColumn + Math.floorMod(ofColumn - up, size);
      if (at < columns) {
        return weights[(row - up) * columns + at];
      }
    }
    return weights[row * columns + column];
  }
}
