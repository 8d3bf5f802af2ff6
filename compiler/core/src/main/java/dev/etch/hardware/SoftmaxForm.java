// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.List;

/** The arithmetic of a {@link SoftmaxUnit}, equal to the framework's bit by bit. */
public sealed interface SoftmaxForm permits SoftmaxForm.Quotient, SoftmaxForm.FixedPoint {
  /** Entries of a table: distances of 8-bit operands to the largest. */
  int ENTRIES = 256;

  /** Stage of the pipeline in which tables are read. */
  int TABLE_STAGE = 2;

  /** The results for a line. */
  int[] apply(int[] line);

  /** Cycles between the last beat of a line and the first that is emitted. */
  int busyCycles(int elements);

  /** Registers of the pipeline that emits. */
  int stages();

  /** The tables, each with one entry for each distance. */
  List<ConstantTable> tables();

  /** The elements' distances to the largest. */
  private static int[] distances(int[] line) {
    int largest = Integer.MIN_VALUE;
    for (int x : line) {
      largest = Math.max(largest, x);
    }
    int[] distances = new int[line.length];
    for (int i = 0; i < line.length; i++) {
      distances[i] = largest - line[i];
    }
    return distances;
  }

  /**
   * {@code clamp(roundHalfEven(numerator / sum) + zeroPoint)}, where sum adds up the elements'
   * exponentials in order and each operation is one of float32: ONNX Runtime's QLinearSoftmax. The
   * hardware adds mantissas and rounds as IEEE 754 says, every {@link #INTERVAL} cycles; it divides
   * with as many bits as the rounded quotient has, and from the remainder tells whether float32
   * would have taken the quotient for a tie.
   *
   * @param exponentials float32 numbers as their 32 bits, one for each distance; the first is not
   *     denormal
   * @param numerators likewise
   * @param zeroPoint of the result
   * @param high largest result
   */
  record Quotient(List<Integer> exponentials, List<Integer> numerators, int zeroPoint, int high)
      implements SoftmaxForm {
    /** Cycles from one addition of the sum to the next. */
    public static final int INTERVAL = 3;

    /** Bits of twice the quotient; what has more is clamped. */
    public static final int QUOTIENT_BITS = 11;

    /** Read, distance, table, alignment; then the division; then tie, rounding, clamp. */
    private static final int OTHER_STAGES = 7;

    /** From the last reading to the sum, and one to spare. */
    private static final int SUM_LATENCY = 4;

    private static final int EXPONENT_BITS = 8;
    private static final int MANTISSA_BITS = 24;

    public Quotient {
      exponentials = List.copyOf(exponentials);
      numerators = List.copyOf(numerators);
      if (exponentials.size() != ENTRIES || numerators.size() != ENTRIES) {
        throw new IllegalArgumentException("one entry for each distance");
      }
      if (!(Float.intBitsToFloat(exponentials.get(0)) >= Float.MIN_NORMAL)) {
        throw new IllegalArgumentException("the sum could be denormal");
      }
    }

    @Override
    public int[] apply(int[] line) {
      int[] distances = distances(line);
      float sum = 0;
      for (int distance : distances) {
        sum += Float.intBitsToFloat(exponentials.get(distance));
      }
      int[] results = new int[line.length];
      for (int i = 0; i < line.length; i++) {
        float quotient = Float.intBitsToFloat(numerators.get(distances[i])) / sum;
        results[i] = (int) Math.min(high, (long) (int) Math.rint(quotient) + zeroPoint);
      }
      return results;
    }

    @Override
    public int busyCycles(int elements) {
      return INTERVAL * elements + SUM_LATENCY;
    }

    @Override
    public int stages() {
      return QUOTIENT_BITS + OTHER_STAGES;
    }

    @Override
    public List<ConstantTable> tables() {
      return List.of(table("exponentials", exponentials), table("numerators", numerators));
    }

    private static ConstantTable table(String name, List<Integer> floats) {
      List<BigInteger> words = floats.stream().map(Quotient::word).toList();
      return ConstantTable.of(name, TABLE_STAGE, words, EXPONENT_BITS + MANTISSA_BITS);
    }

    /**
     * A positive float32 as its exponent and, below it, its mantissa with the leading one. Denormal
     * numbers have exponent 1 and no leading one.
     */
    private static BigInteger word(int bits) {
      long exponent = bits >>> (MANTISSA_BITS - 1);
      long fraction = bits & ((1L << (MANTISSA_BITS - 1)) - 1);
      long mantissa = exponent == 0 ? fraction : fraction | 1L << (MANTISSA_BITS - 1);
      return BigInteger.valueOf(Math.max(1, exponent) << MANTISSA_BITS | mantissa);
    }
  }

  /**
   * The exponential times the sum's reciprocal, both in 31 fraction bits: TFLite's SOFTMAX of 8-bit
   * integers. The sum has 12 fraction bits less. Newton and Raphson's steps use the multiplier of
   * the pipeline, one product every {@link #PRODUCT_CYCLES} cycles.
   *
   * @param exponentials with 31 fraction bits, one for each distance
   * @param bits of the result
   * @param minimum of the result's type: it stands for probability 0
   */
  record FixedPoint(List<Integer> exponentials, int bits, int minimum) implements SoftmaxForm {
    /** Fraction bits that an exponential has more than the sum. */
    public static final int SUM_BITS = 12;

    /** Products of the reciprocal, one after another. */
    public static final int PRODUCTS = 7;

    /** Cycles of a product and of what is made of it. */
    public static final int PRODUCT_CYCLES = 8;

    /** Reading, distance, table, sum: cycles before the sum's bits are counted. */
    public static final int SUM_LATENCY = 6;

    /** 48/17 and -32/17 with 29 fraction bits: the first estimate of a reciprocal. */
    public static final int FIRST_ESTIMATE = 1_515_870_810;

    public static final int FIRST_SLOPE = -1_010_580_540;

    private static final int STAGES = 11;
    private static final int FRACTION_BITS = 31;
    private static final int NEWTON_STEPS = 3;

    public FixedPoint {
      exponentials = List.copyOf(exponentials);
      if (exponentials.size() != ENTRIES) {
        throw new IllegalArgumentException("one entry for each distance");
      }
    }

    @Override
    public int[] apply(int[] line) {
      int[] distances = distances(line);
      int sum = 0;
      for (int distance : distances) {
        sum += addend(exponentials.get(distance));
      }
      int headroom = Integer.numberOfLeadingZeros(sum);
      int reciprocal = reciprocal((sum << headroom) >>> 1);
      int shift = SUM_BITS + FRACTION_BITS - bits - headroom;
      int[] results = new int[line.length];
      for (int i = 0; i < line.length; i++) {
        long product = highProduct(reciprocal, exponentials.get(distances[i]));
        long rounded = shift > FRACTION_BITS ? 0 : (product + (1L << (shift - 1))) >> shift;
        results[i] = (int) Math.min((1L << bits) - 1, rounded) + minimum;
      }
      return results;
    }

    /** An exponential with the sum's fraction bits, rounded. */
    public static int addend(int exponential) {
      return (exponential + (1 << (SUM_BITS - 1))) >>> SUM_BITS;
    }

    /** Of a number from 1/2 to 1, with 31 fraction bits; half of it, that is, in 31 bits. */
    private static int reciprocal(int half) {
      long x = FIRST_ESTIMATE + highProduct(half, FIRST_SLOPE);
      for (int i = 0; i < NEWTON_STEPS; i++) {
        long error = (1 << 29) - highProduct(half, x);
        x += highProduct(x, error) << 2;
      }
      return (int) Math.min(Integer.MAX_VALUE, x << 1);
    }

    private static long highProduct(long a, long b) {
      return (a * b + (1L << (FRACTION_BITS - 1))) >> FRACTION_BITS;
    }

    @Override
    public int busyCycles(int elements) {
      return elements + SUM_LATENCY + PRODUCTS * PRODUCT_CYCLES + 2;
    }

    @Override
    public int stages() {
      return STAGES;
    }

    @Override
    public List<ConstantTable> tables() {
      List<BigInteger> words = exponentials.stream().map(e -> BigInteger.valueOf(e)).toList();
      return List.of(ConstantTable.of("exponentials", TABLE_STAGE, words, FRACTION_BITS));
    }
  }
}
