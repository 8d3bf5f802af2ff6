// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.MatrixProgram.Lane;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The few values that the weights of a {@link MatrixProgram} have. Its schedule holds an index of
 * each weight, and each lane a table of the values (S. Han, H. Mao, W. Dally, Deep Compression,
 * ICLR 2016).
 */
public final class MatrixCodebook {
  /** Values at most: what a table of look-up tables holds. */
  private static final int MOST_VALUES = 256;

  private final int[] values;
  private final Map<Integer, Integer> indices = new HashMap<>();

  private MatrixCodebook(int[] values) {
    this.values = values;
    IntStream.range(0, values.length).forEach(i -> indices.put(values[i], i));
  }

  /** The codebook of a program; empty if indices and tables take as many bits as the weights. */
  public static Optional<MatrixCodebook> of(MatrixProgram program) {
    TreeSet<Integer> values = new TreeSet<>();
    for (Lane lane : program.lanes()) {
      values.addAll(lane.weights());
      if (values.size() > MOST_VALUES) {
        return Optional.empty();
      }
    }
    MatrixCodebook codebook =
        new MatrixCodebook(values.stream().mapToInt(Integer::intValue).toArray());
    return isSmaller(codebook.values, program.steps()) ? Optional.of(codebook) : Optional.empty();
  }

  /**
   * Bits of a weight in a lane's schedule: of an index where that is smaller.
   *
   * @param values all that weights have
   * @param steps of the schedule
   */
  public static int bits(int[] values, int steps) {
    return isSmaller(values, steps) ? Bits.choosing(values.length) : width(values);
  }

  private static boolean isSmaller(int[] values, int steps) {
    int width = width(values);
    long table = (long) values.length * width;
    return values.length > 1
        && values.length <= MOST_VALUES
        && (long) steps * Bits.choosing(values.length) + table < (long) steps * width;
  }

  private static int width(int[] values) {
    return Bits.signed(Arrays.stream(values).asLongStream().toArray());
  }

  /** Bits of an index. */
  public int indexBits() {
    return Bits.choosing(values.length);
  }

  /** Bits of a value. */
  public int weightBits() {
    return width(values);
  }

  /** The index of each weight. */
  public long[] indices(List<Integer> weights) {
    return weights.stream().mapToLong(indices::get).toArray();
  }

  /** The values, by index. */
  public ConstantTable table() {
    int width = weightBits();
    BigInteger mask = BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE);
    List<BigInteger> entries =
        Arrays.stream(values).mapToObj(value -> BigInteger.valueOf(value).and(mask)).toList();
    return ConstantTable.of("codebook", 0, entries, width);
  }
}
