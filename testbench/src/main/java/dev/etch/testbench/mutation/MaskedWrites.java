// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A netlist in Yosys' RTLIL whose memories get zeros as address and data when nothing is written:
 * what they get then makes no difference, and should make none to a proof.
 */
final class MaskedWrites {
  private static final Pattern WRITE =
      Pattern.compile(
          "(?m)^((?:  attribute .*\n)*)(  cell \\$memwr_v2 \\S+\n(?:    .*\n)*?)(?=  end$)");
  private static final Pattern WIDTH = Pattern.compile("parameter \\\\WIDTH (\\d+)\n");
  private static final Pattern ADDRESS_BITS = Pattern.compile("parameter \\\\ABITS (\\d+)\n");
  private static final Pattern ENABLE = Pattern.compile("connect \\\\EN (.*)\n");
  private static final Pattern DATA = Pattern.compile("connect \\\\DATA (.*)\n");
  private static final Pattern ADDRESS = Pattern.compile("connect \\\\ADDR (.*)\n");

  private MaskedWrites() {}

  /** The netlist with masks; cells keep their names. */
  static String of(String rtlil) {
    int[] number = {0};
    return WRITE
        .matcher(rtlil)
        .replaceAll(write -> Matcher.quoteReplacement(masked(write, "write" + number[0]++)));
  }

  private static String masked(MatchResult write, String name) {
    String cell = write.group(2);
    String width = found(WIDTH, cell);
    String addressBits = found(ADDRESS_BITS, cell);
    String enable = found(ENABLE, cell);
    String masks =
        """
          wire width %3$s \\%1$s$data
          wire width %4$s \\%1$s$address
          wire \\%1$s$any
          cell $and $%1$s$and
            parameter \\A_SIGNED 0
            parameter \\B_SIGNED 0
            parameter \\A_WIDTH %3$s
            parameter \\B_WIDTH %3$s
            parameter \\Y_WIDTH %3$s
            connect \\A %5$s
            connect \\B %2$s
            connect \\Y \\%1$s$data
          end
          cell $reduce_or $%1$s$or
            parameter \\A_SIGNED 0
            parameter \\A_WIDTH %3$s
            parameter \\Y_WIDTH 1
            connect \\A %2$s
            connect \\Y \\%1$s$any
          end
          cell $mux $%1$s$mux
            parameter \\WIDTH %4$s
            connect \\A %4$s'%7$s
            connect \\B %6$s
            connect \\S \\%1$s$any
            connect \\Y \\%1$s$address
          end
        """
            .formatted(
                name,
                enable,
                width,
                addressBits,
                found(DATA, cell),
                found(ADDRESS, cell),
                "0".repeat(Integer.parseInt(addressBits)));
    String altered = DATA.matcher(cell).replaceFirst("connect \\\\DATA \\\\" + name + "\\$data\n");
    altered =
        ADDRESS.matcher(altered).replaceFirst("connect \\\\ADDR \\\\" + name + "\\$address\n");
    return masks + write.group(1) + altered;
  }

  private static String found(Pattern pattern, String cell) {
    Matcher matcher = pattern.matcher(cell);
    if (!matcher.find()) {
      throw new IllegalStateException("not a write port: " + cell);
    }
    return matcher.group(1);
  }
}
