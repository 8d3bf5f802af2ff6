// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.SoftmaxForm;
import java.util.ArrayList;
import java.util.List;

/** The arithmetic of a softmax unit: tables, sum, and quotient or product. */
final class SoftmaxArea {
  private static final int MANTISSA = 24;
  private static final int EXPONENT = 8;
  private static final int WORD = 32;

  /** Stages of the product's adder tree. */
  private static final int PRODUCT_STAGES = 4;

  /** Levels of a shift by a variable number of bits. */
  private static final double SHIFT_LEVELS = 2.5;

  private final Fabric fabric;

  SoftmaxArea(Fabric fabric) {
    this.fabric = fabric;
  }

  Area of(SoftmaxForm form) {
    return form instanceof SoftmaxForm.Quotient quotient
        ? quotient(quotient)
        : fixedPoint((SoftmaxForm.FixedPoint) form);
  }

  /** Alignment, addition and rounding of the sum; then a row of subtractors. */
  private Area quotient(SoftmaxForm.Quotient form) {
    int divided = MANTISSA + 2;
    int rows = SoftmaxForm.Quotient.QUOTIENT_BITS;
    Area tables = table(form.exponentials().size()).times(2);
    double sum = MANTISSA * SHIFT_LEVELS + fabric.adder(MANTISSA + 4) * 2 + 2 * EXPONENT;
    double alignment = MANTISSA * SHIFT_LEVELS + EXPONENT;
    double division = rows * (fabric.adder(divided + 1) + divided);
    double rounding = 4.0 * divided;
    double registers = rows * (divided + 2.0 * rows) + 5.0 * divided + 4.0 * EXPONENT;
    return tables.plus(new Area(sum + alignment + division + rounding, registers, 0, 0));
  }

  /** A product of two words, and the counters that lead it through the reciprocal. */
  private Area fixedPoint(SoftmaxForm.FixedPoint form) {
    List<AdderTreeArea.Row> rows = new ArrayList<>();
    for (int digit = 0; digit <= WORD / 2; digit++) {
      rows.add(new AdderTreeArea.Row(WORD + 2 + 2 * digit, 2 * digit));
    }
    double selection = (double) rows.size() * WORD;
    double sum = fabric.adder(WORD) * 4 + WORD * SHIFT_LEVELS * 2;
    return table(form.exponentials().size())
        .plus(new AdderTreeArea(fabric, 2 * WORD).of(rows, PRODUCT_STAGES))
        .plus(new Area(selection + sum, 9.0 * WORD, 0, 0));
  }

  private Area table(int words) {
    return fabric.memories().constant(fabric, words, WORD, WORD);
  }
}
