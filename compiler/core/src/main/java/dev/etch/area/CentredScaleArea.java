// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.hardware.requantizer.CentredScale;
import java.math.BigInteger;

/**
 * {@code CentredScaleHardware} in the Verilog: a biased, shifted and limited accumulator, a
 * multiplier, and a sum with one constant.
 */
final class CentredScaleArea {
  private CentredScaleArea() {}

  static Area of(CentredScale form, RequantizerPlace place) {
    Fabric fabric = place.fabric();
    OutputConstants biases = place.constants(form.biases());
    OutputConstants multipliers = place.constants(form.multipliers());
    OutputConstants rests = place.constants(form.rests());
    OutputConstants exponents =
        place.constants(form.exponents().stream().map(Integer::longValue).toList());
    int most = Math.toIntExact(exponents.most());
    int least = Math.toIntExact(exponents.least());
    int biased = Math.max(place.accumulatorBits(), biases.signedBits()) + 1;
    int scaled = biased + most;
    int multiplier = multipliers.signedBits();
    double limited = scaled > form.operandBits() ? form.operandBits() + scaled / 3.0 : 0;
    double shifted = scaled * fabric.multiplexer(most - least + 1);
    int zeros = rests.zeros(form.shift());
    int restBits = rests.signedBits() - zeros;
    Area constants =
        biases
            .memory(fabric, biased)
            .plus(multipliers.memory(fabric, multiplier))
            .plus(exponents.memory(fabric, most == least ? 0 : Fabric.bits(most + 1)))
            .plus(rests.shiftedRight(zeros).memory(fabric, restBits));
    BigInteger end = BigInteger.ONE.shiftLeft(form.operandBits() + multiplier - 1);
    FinishArea finish =
        new FinishArea(
            fabric, form.shift(), TieRule.NONE, form.low(), form.high(), place.resultBits());
    return new Area(
            fabric.adder(biased) + limited + shifted, (double) biased + scaled + restBits, 0, 0)
        .plus(fabric.product(form.operandBits(), multiplier))
        .plus(constants)
        .plus(new CorrectionsArea(place, form.raised(), form.lowered()).of())
        .plus(finish.of(end.negate(), end));
  }
}
