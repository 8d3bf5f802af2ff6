// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MaskedPayloadsTest {
  private static final String MODULE =
      """
      module \\top
        wire input 1 \\go
        wire width 2 input 2 \\data
        wire output 3 \\output_valid
        wire width 2 output 4 \\output_payload
        wire width 2 output 5 \\other_payload
        connect \\output_valid \\go
        connect \\output_payload \\data
        connect \\other_payload \\output_payload
      end
      """;

  @Test
  void aPayloadIsMaskedIfTheModuleSaysWhetherItIsValid() {
    assertEquals(
        """
        module \\top
          wire input 1 \\go
          wire width 2 input 2 \\data
          wire output 3 \\output_valid
          wire width 2 output 4 \\output_payload
          wire width 2 \\output_payload$emitted
          wire width 2 output 5 \\other_payload
          connect \\output_valid \\go
          connect \\output_payload$emitted \\data
          connect \\other_payload \\output_payload$emitted
          cell $and $masked$output_payload
            parameter \\A_SIGNED 0
            parameter \\B_SIGNED 0
            parameter \\A_WIDTH 2
            parameter \\B_WIDTH 2
            parameter \\Y_WIDTH 2
            connect \\A \\output_payload$emitted
            connect \\B { \\output_valid \\output_valid }
            connect \\Y \\output_payload
          end
        end
        """,
        MaskedPayloads.of(MODULE));
  }
}
