// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryBanksTest {
  /** As deep as the blocks that are fewest, of equally few the deepest: 2K, 4K, 8K or 16K words. */
  @ParameterizedTest
  @CsvSource({
    "2049, 9, 2048, 2",
    "2049, 33, 2048, 2",
    "9600, 33, 2048, 5",
    "9600, 10, 4096, 3",
    "16385, 1, 16384, 2",
    "20000, 2, 8192, 3",
  })
  void deepMemoriesAreInBanks(int words, int width, int depth, int count) {
    MemoryBanks banks = MemoryBanks.of(words, width);
    assertEquals(new MemoryBanks(words, depth), banks);
    assertEquals(count, banks.count());
    assertEquals(words, banks.sizes().stream().mapToInt(Integer::intValue).sum());
  }

  @ParameterizedTest
  @CsvSource({
    "2048, 33",
    "16384, 1",
    "4096, 4",
    "100, 9",
    "1, 9",
    "1900, 1",
    "4097, 4",
    "9600, 2",
    "9600, 3",
  })
  void whatABlockIsDeepEnoughForIsOne(int words, int width) {
    MemoryBanks banks = MemoryBanks.of(words, width);
    assertFalse(banks.isChoice());
    assertEquals(List.of(words), banks.sizes());
  }

  @Test
  void theLastBankHoldsTheRest() {
    assertEquals(List.of(2048, 2048, 2048, 2048, 1408), MemoryBanks.of(9600, 33).sizes());
  }
}
