// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import dev.etch.hardware.LoadMap;
import dev.etch.hardware.PipelineStages;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.arithmetic.SignedDigits;
import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The memories of a {@link LoadedScale} and of a {@link LoadedFixedPoint}, as wide as their
 * envelope says.
 */
final class LoadedScaleConstants {
  /** Behind the name of a memory of high bits. */
  private static final String HIGH = "_high";

  private LoadedScaleConstants() {}

  static List<ConstantTable> of(LoadedScale form, Accumulators accumulators) {
    FloatScale scale = form.scale();
    return tables(
        form.envelope(), accumulators, scale.biases(), scale.multipliers(), scale.zeroPoint());
  }

  static List<ConstantTable> of(LoadedFixedPoint form, Accumulators accumulators) {
    List<ConstantTable> tables =
        tables(form.envelope(), accumulators, form.biases(), form.multipliers(), form.zeroPoint());
    int most = LoadedFixedPoint.mostPlaces(form.envelope());
    List<BigInteger> masks =
        accumulators.each(form.places()).stream().map(places -> mask(places, most)).toList();
    tables.add(table("places", 1, masks, most));
    return tables;
  }

  /** So many ones in front, of {@code most} bits. */
  private static BigInteger mask(int places, int most) {
    return BigInteger.ONE.shiftLeft(places).subtract(BigInteger.ONE).shiftLeft(most - places);
  }

  private static List<ConstantTable> tables(
      ScaleEnvelope envelope,
      Accumulators accumulators,
      List<Long> addends,
      List<Long> multipliers,
      int zeroPoint) {
    List<BigInteger> biases = accumulators.integers(addends);
    List<BigInteger> digits =
        accumulators.integers(multipliers).stream()
            .map(value -> SignedDigits.encode(SignedDigits.radix4(value, envelope.digits())))
            .toList();
    List<BigInteger> zeros = Collections.nCopies(biases.size(), BigInteger.valueOf(zeroPoint));
    List<ConstantTable> tables = new ArrayList<>();
    addWide("bias", 0, biases, envelope.biasBits(), tables);
    addWide("digits", 1, digits, SignedDigits.CODE_BITS * envelope.digits(), tables);
    tables.add(table("zero", ZERO_STAGE, zeros, zeroBits(envelope)));
    return tables;
  }

  /** Where the rounded product meets the zero point. */
  private static final int ZERO_STAGE = PipelineStages.SUM + 1;

  /** What is wider than a word of the bus has another memory for its high bits. */
  private static void addWide(
      String name, int stage, List<BigInteger> words, int width, List<ConstantTable> tables) {
    tables.add(table(name, stage, words, Math.min(LoadMap.WORD_BITS, width)));
    if (width > LoadMap.WORD_BITS) {
      List<BigInteger> high = words.stream().map(w -> w.shiftRight(LoadMap.WORD_BITS)).toList();
      tables.add(table(name + HIGH, stage, high, width - LoadMap.WORD_BITS));
    }
  }

  /**
   * A memory that is written has at least two words; an entry's bits above its width are not in it.
   */
  private static ConstantTable table(String name, int stage, List<BigInteger> words, int width) {
    boolean alone = words.size() == 1;
    return new ConstantTable(
        name, stage, alone ? Collections.nCopies(2, words.get(0)) : words, width, true);
  }

  private static int zeroBits(ScaleEnvelope envelope) {
    return Bits.signed(BigInteger.valueOf(envelope.low()), BigInteger.valueOf(envelope.high()));
  }
}
