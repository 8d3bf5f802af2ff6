// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** The constants of a {@link Corrected}: those of the corrections, and of the line. */
final class CorrectedConstants {
  private CorrectedConstants() {}

  static List<ConstantTable> of(Corrected form, Accumulators accumulators) {
    List<ConstantTable> tables =
        new ArrayList<>(CorrectionConstants.of(form.raised(), form.lowered(), accumulators));
    BigInteger half =
        tables.isEmpty() ? BigInteger.ZERO : BigInteger.ONE.shiftLeft(form.shift() - 1);
    tables.addAll(ScaleConstants.of(form.line(), accumulators, half.negate(), half));
    return tables;
  }
}
