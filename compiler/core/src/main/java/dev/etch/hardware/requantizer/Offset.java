// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import java.util.List;

/**
 * {@code accumulator + offset}: raw sums, maximum pooling, copies.
 *
 * @param offsets one a channel, or one for all
 */
public record Offset(List<Long> offsets) implements Requantizer {
  public Offset {
    offsets = List.copyOf(offsets);
  }

  @Override
  public long apply(int channel, long accumulator) {
    return accumulator + PerChannel.of(offsets, channel);
  }

  @Override
  public Requantizer repeated(int times) {
    return new Offset(PerChannel.repeat(offsets, times));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.offset(this);
  }
}
