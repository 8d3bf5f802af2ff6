// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Verilog whose queues can be made to stall: each has a random number beside it, and while that is
 * below a threshold the queue is not ready to take a beat. Nothing changes as long as the threshold
 * is zero, as it is at first.
 *
 * <p>The numbers are those of a linear congruential generator (D. Knuth, The Art of Computer
 * Programming 2, section 3.3.4, table 1, line 16).
 */
final class StalledQueues {
  /** The register with the threshold: of so many in 65536 cycles a queue stalls. */
  static final String THRESHOLD = "etch_stalls";

  /** The register with the random number. */
  static final String RANDOM = "etch_random";

  /** In one line, so that what follows keeps its number. */
  private static final String ADDED =
      ("  reg [15:0] %1$s = 16'h0; reg [31:0] %2$s = 32'h1;"
              + " always @(posedge aclk) %2$s <= %2$s * 32'd1664525 + 32'd1013904223;"
              + " assign push_ready = (READY) && !(%2$s[31:16] < %1$s);")
          .formatted(THRESHOLD, RANDOM);

  private static final Pattern READY = Pattern.compile("(?m)^ *assign push_ready = (.*);$");

  private StalledQueues() {}

  /**
   * The Verilog with stalls.
   *
   * @param prefix how the names of the modules of queues begin
   */
  static String of(String verilog, String prefix) {
    Pattern module =
        Pattern.compile("(?ms)^module " + Pattern.quote(prefix) + "\\w*\\b.*?^endmodule");
    return module
        .matcher(verilog)
        .replaceAll(queue -> Matcher.quoteReplacement(stalled(queue.group())));
  }

  private static String stalled(String queue) {
    return READY
        .matcher(queue)
        .replaceFirst(ready -> Matcher.quoteReplacement(ADDED.replace("READY", ready.group(1))));
  }
}
