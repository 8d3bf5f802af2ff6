// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.MatrixProgram.Lane;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * How the weights of a {@link MatrixProgram} repeat that are those of a block-circulant matrix: one
 * that consists of blocks of {@code size} rows and columns, in each of which all weights of a
 * diagonal, which goes on at the other side, are equal. A block is its first column, and each other
 * column is the one before it, moved on by a row. Source: S. Wang, Z. Li, C. Ding, B. Yuan, Y.
 * Wang, Q. Qiu, Y. Liang, C-LSTM: Enabling Efficient LSTM using Structured Compression Techniques
 * on FPGAs, FPGA 2018.
 *
 * <p>A program with a rotation has a step for every element of the frame and every row of a lane,
 * rows innermost, and every step adds to its row, with weight 0 too. {@code size} neighbouring
 * outputs, a block row, are in as many lanes, which are a group, in the same row of each. So a
 * group needs one block in a step, of which each of its lanes takes one weight.
 *
 * @param size rows and columns of a block, a power of two
 * @param rows sums that each lane has
 */
public record MatrixRotation(int size, int rows) {
  /** Rows and columns of a block at most: the weights that are rotated side by side. */
  public static final int MOST_SIZE = 64;

  public MatrixRotation {
    if (size < 2 || size > MOST_SIZE || Integer.bitCount(size) != 1 || rows < 1) {
      throw new IllegalArgumentException("blocks of " + size + ", " + rows + " rows");
    }
  }

  /** Whether lanes can be in groups: each is of whole lanes of every cluster. */
  public static boolean fits(int size, int clusters, int lanesPerCluster) {
    return size % clusters == 0 && lanesPerCluster % (size / clusters) == 0;
  }

  /** Which of a group's lanes a lane is, which is also its row of the block. */
  public int place(int lane, int clusters, int lanesPerCluster) {
    return lane % lanesPerCluster % (size / clusters) * clusters + lane / lanesPerCluster;
  }

  /** The group that a lane is in. */
  public int group(int lane, int clusters, int lanesPerCluster) {
    return lane % lanesPerCluster / (size / clusters);
  }

  /** The distance of a step of a program whose lanes have so many places for sums. */
  public int distance(int step, int places) {
    return step == 0 ? 0 : step % rows == 0 ? 1 + places - rows : 1;
  }

  /** The word of {@link #blocks} that a step needs. */
  public int word(int step) {
    return step / rows / size * rows + step % rows;
  }

  /** By how many lanes the first column is moved on in a step. */
  public int turn(int step) {
    return step / rows % size;
  }

  /**
   * The blocks of a group in the order in which they are needed first: in each word the weights of
   * a first column, that of the first row lowest.
   *
   * @throws IllegalArgumentException if the program's weights are others
   */
  ConstantTable blocks(MatrixProgram program, int group) {
    int words = word(program.steps() - 1) + 1;
    int[][] columns = new int[words][size];
    List<Lane> lanes = program.lanes();
    int perCluster = program.lanesPerCluster();
    int clusters = program.outputs().size();
    for (boolean fills : new boolean[] {true, false}) {
      for (int lane = 0; lane < lanes.size(); lane++) {
        if (group(lane, clusters, perCluster) == group) {
          int place = place(lane, clusters, perCluster);
          for (int step = 0; step < program.steps(); step++) {
            int row = Math.floorMod(place - turn(step), size);
            int weight = lanes.get(lane).weights().get(step);
            if (fills) {
              columns[word(step)][row] = weight;
            } else if (columns[word(step)][row] != weight) {
              throw new IllegalArgumentException("lane " + lane + ", step " + step);
            }
          }
        }
      }
    }
    return table(columns, weightBits(program));
  }

  private ConstantTable table(int[][] columns, int width) {
    BigInteger mask = BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE);
    List<BigInteger> words = new ArrayList<>();
    for (int[] column : columns) {
      BigInteger word = BigInteger.ZERO;
      for (int row = size - 1; row >= 0; row--) {
        word = word.shiftLeft(width).or(BigInteger.valueOf(column[row]).and(mask));
      }
      words.add(word);
    }
    return ConstantTable.of("blocks", 0, words, size * width);
  }

  /** Bits of a weight. */
  static int weightBits(MatrixProgram program) {
    return Bits.signed(
        program.lanes().stream()
            .flatMap(lane -> lane.weights().stream())
            .mapToLong(Integer::longValue)
            .toArray());
  }
}
