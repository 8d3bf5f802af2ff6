// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.PipelineStages;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * What a requantizer's area depends on besides its form.
 *
 * @param low smallest accumulator
 * @param high largest accumulator
 * @param accumulatorBits signed
 * @param resultBits of the output element
 * @param first output that it serves
 * @param step from one of its outputs to the next
 * @param count of its outputs
 */
record RequantizerPlace(
    Fabric fabric,
    BigInteger low,
    BigInteger high,
    int accumulatorBits,
    int resultBits,
    int first,
    int step,
    int count) {

  /** The same with other accumulators. */
  RequantizerPlace with(BigInteger least, BigInteger most, int bits) {
    return new RequantizerPlace(fabric, least, most, bits, resultBits, first, step, count);
  }

  /** The entry of each output, of a list of one entry a channel or one entry for all. */
  <T> List<T> each(List<T> entries) {
    List<T> own = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      own.add(entries.get(entries.size() == 1 ? 0 : (first + i * step) % entries.size()));
    }
    return own;
  }

  /** The number of each output, likewise. */
  OutputConstants constants(List<Long> numbers) {
    return new OutputConstants(each(numbers));
  }

  /** The registers of a result that is there after so many stages. */
  Area delayedFrom(int stage) {
    return fabric.memories().shiftRegister(resultBits, PipelineStages.REQUANTIZER - stage);
  }
}
