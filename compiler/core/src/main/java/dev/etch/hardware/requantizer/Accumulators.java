// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import java.math.BigInteger;
import java.util.List;

/**
 * The accumulators that a requantizer gets.
 *
 * @param channels the channel of each index
 * @param low the smallest
 * @param high the largest
 */
record Accumulators(List<Integer> channels, BigInteger low, BigInteger high) {
  /** One that cannot occur. */
  BigInteger never() {
    return high.add(BigInteger.ONE);
  }

  /** The entry of each index, of a list of one entry a channel or one entry for all. */
  <T> List<T> each(List<T> entries) {
    return channels.stream().map(channel -> PerChannel.of(entries, channel)).toList();
  }

  /** The number of each index, likewise. */
  List<BigInteger> integers(List<Long> numbers) {
    return each(numbers).stream().map(BigInteger::valueOf).toList();
  }
}
