// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operand of the 16-bit functions, against the real functions and their symmetries. */
class ShortFunctionsTest {
  private static final double ONE = 1 << 15;

  /** Of what 16 bits can tell apart; gemmlowp's polynomials and reciprocals are that far off. */
  private static final double MOST_ERROR = 13;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void logisticIsNearTheRealOne(int integerBits) {
    check(integerBits, a -> ShortFunctions.logistic(a, integerBits), x -> 1 / (1 + Math.exp(-x)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void tanhIsNearTheRealOne(int integerBits) {
    check(integerBits, a -> ShortFunctions.tanh(a, integerBits), Math::tanh);
  }

  private static void check(int integerBits, IntUnaryOperator fixed, DoubleUnaryOperator real) {
    for (int a = Short.MIN_VALUE; a <= Short.MAX_VALUE; a++) {
      int result = fixed.applyAsInt(a);
      double exact = real.applyAsDouble(Math.scalb((double) a, integerBits - 15)) * ONE;
      assertEquals(exact, result, MOST_ERROR, "at " + a);
      assertTrue(result >= Short.MIN_VALUE && result <= Short.MAX_VALUE, "at " + a);
    }
  }

  @Test
  void functionsAreSymmetric() {
    for (int a = 1; a <= Short.MAX_VALUE; a++) {
      assertEquals(-ShortFunctions.tanh(a, 3), ShortFunctions.tanh(-a, 3));
      assertEquals(Short.MAX_VALUE, ShortFunctions.logistic(a, 3) + ShortFunctions.logistic(-a, 3));
    }
  }

  @Test
  void endsAndZero() {
    assertEquals(0, ShortFunctions.tanh(0, 3));
    assertEquals(1 << 14, ShortFunctions.logistic(0, 3));
    assertEquals(Short.MAX_VALUE, ShortFunctions.exp(0, 3));
    assertEquals(0, ShortFunctions.exp(Short.MIN_VALUE, 7));
  }

  /**
   * All results, so that a change of one in its last bit is seen. A program of its own, written
   * from the same source in another language, gave the same numbers.
   */
  @Test
  void everyBitCounts() {
    assertEquals(LOGISTIC_HASH, hash(a -> ShortFunctions.logistic(a, 3)));
    assertEquals(TANH_HASH, hash(a -> ShortFunctions.tanh(a, 3)));
  }

  private static final int LOGISTIC_HASH = 1_344_260_980;
  private static final int TANH_HASH = -1_096_891_361;

  private static int hash(IntUnaryOperator function) {
    return IntStream.rangeClosed(Short.MIN_VALUE, Short.MAX_VALUE)
        .map(function)
        .reduce(0, (hash, value) -> 31 * hash + value);
  }
}
