// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.hardware.requantizer.Scale;
import java.util.List;
import java.util.Objects;

/** Hardware form of a requantized sum of two integers. */
public sealed interface Sum permits Sum.Linear, Sum.Tables {
  /** The output for two operands. */
  long apply(int left, int right);

  /**
   * {@code clamp((left * leftMultiplier + right * rightMultiplier + offset) >> shift, low, high)}
   * with {@code tieRule} as in {@link Scale}.
   */
  record Linear(
      long leftMultiplier,
      long rightMultiplier,
      long offset,
      int shift,
      TieRule tieRule,
      int low,
      int high)
      implements Sum {
    public Linear {
      Objects.requireNonNull(tieRule);
    }

    @Override
    public long apply(int left, int right) {
      long sum = left * leftMultiplier + right * rightMultiplier + offset;
      return Math.max(low, Math.min(high, tieRule.apply(sum, shift)));
    }
  }

  /**
   * {@code clamp((leftTable[left - leftLow] + rightTable[right - rightLow]) >> shift, low, high)}
   * with {@code tieRule}: where products with constants are not exact, free table entries are.
   */
  record Tables(
      List<Long> leftTable,
      int leftLow,
      List<Long> rightTable,
      int rightLow,
      int shift,
      TieRule tieRule,
      int low,
      int high)
      implements Sum {
    public Tables {
      leftTable = List.copyOf(leftTable);
      rightTable = List.copyOf(rightTable);
      Objects.requireNonNull(tieRule);
    }

    @Override
    public long apply(int left, int right) {
      long sum = leftTable.get(left - leftLow) + rightTable.get(right - rightLow);
      return Math.max(low, Math.min(high, tieRule.apply(sum, shift)));
    }
  }
}
