// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommonScaleTest {
  private static Optional<CommonScale> of(Float... scales) {
    return CommonScale.of(List.of(scales));
  }

  @Test
  void theLargestCommonDivisor() {
    assertEquals(Optional.of(new CommonScale(0.125f, List.of(2, 1))), of(0.25f, 0.125f));
    assertEquals(Optional.of(new CommonScale(0.25f, List.of(3, 2, 1))), of(0.75f, 0.5f, 0.25f));
    assertEquals(Optional.of(new CommonScale(0.3f, List.of(1, 1))), of(0.3f, 0.3f));
    assertEquals(Optional.of(new CommonScale(0.3f, List.of(1, 2))), of(0.3f, 0.6f));
  }

  @Test
  void noFactorIsTooLarge() {
    assertEquals(Optional.empty(), of(0.3f, 0.1f));
    assertEquals(Optional.empty(), of(1f, 0x1p-20f));
    assertEquals(Optional.empty(), of(0x1p100f, 0x1p-100f));
  }
}
