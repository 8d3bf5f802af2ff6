// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.OperatorException;

/** The exact int32 accumulator of the integer operators. */
final class Accumulator {
  private Accumulator() {}

  /** {@code sum}, which must fit 32 bits. */
  static int int32(long sum) {
    if (sum != (int) sum) {
      throw new OperatorException(
          "the sum " + sum + " does not fit an int32 accumulator",
          "use fewer inputs an output, or fewer bits");
    }
    return (int) sum;
  }
}
