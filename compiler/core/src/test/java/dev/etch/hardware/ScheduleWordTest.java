// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.hardware.ScheduleColumns.Column;
import dev.etch.hardware.memory.MemoryUse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleWordTest {
  private static final int STAGE = PipelineStages.OPERAND;

  private static ScheduleWord word(int slots, int weightBits, int flags) {
    List<Column> fields = new ArrayList<>();
    fields.add(new Column("weight", STAGE, MemoryUse.WEIGHTS, new long[slots], weightBits, false));
    for (int i = 0; i < flags; i++) {
      fields.add(new Column("flag" + i, STAGE, MemoryUse.FLAGS, new long[slots], 1, false));
    }
    return new ScheduleWord("schedule6", STAGE, slots, fields);
  }

  /** Blocks are 36 bits wide up to 512 words, 18 up to 1,024. */
  @ParameterizedTest
  @CsvSource({"282, 64, 9, 1", "512, 64, 10, 2", "512, 32, 5, 1", "1024, 16, 3, 1"})
  void aBitOrTwoTooManyAreAMemoryOfTheirOwn(int slots, int weightBits, int flags, int rest) {
    List<ScheduleWord> words = word(slots, weightBits, flags).withoutRest();
    assertEquals(
        List.of("schedule6", "schedule6_flags"), words.stream().map(ScheduleWord::name).toList());
    assertEquals(
        List.of(weightBits + flags - rest, rest), words.stream().map(ScheduleWord::width).toList());
    assertTrue(words.get(1).fields().stream().allMatch(field -> field.use() == MemoryUse.FLAGS));
  }

  /** Full blocks, a rest that is worth a block, no flags, narrower than a block, no block, deep. */
  @ParameterizedTest
  @CsvSource({
    "282, 64, 8",
    "282, 64, 11",
    "282, 73, 0",
    "282, 20, 9",
    "20, 64, 9",
    "513, 64, 10",
    "3000, 64, 9"
  })
  void othersStayWhole(int slots, int weightBits, int flags) {
    ScheduleWord word = word(slots, weightBits, flags);
    assertEquals(List.of(word), word.withoutRest());
  }

  /** So that words of all memories of a stage are there at once. */
  @Test
  void memoriesWithMoreRegistersAreReadEarlier() {
    assertEquals(STAGE - 1, word(20, 8, 2).readStage());
    assertEquals(STAGE - 2, word(2000, 8, 2).readStage());
    assertEquals(STAGE - 3, word(3000, 64, 9).readStage());
  }
}
