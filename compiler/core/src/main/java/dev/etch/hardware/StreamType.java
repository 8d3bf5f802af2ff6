// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.tensor.IntegerType;
import java.util.Objects;

/**
 * What one beat of a stream carries.
 *
 * @param elements neighbouring elements (channels) side by side, at least 1
 * @param element type of each
 */
public record StreamType(int elements, IntegerType element) {
  public StreamType {
    Objects.requireNonNull(element);
    if (elements < 1) {
      throw new IllegalArgumentException("a beat carries at least one element");
    }
  }

  /** Bits of one beat. */
  public int bits() {
    return elements * element.bits();
  }
}
