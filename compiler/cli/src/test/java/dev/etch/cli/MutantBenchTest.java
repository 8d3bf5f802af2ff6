// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Small campaigns of {@code etch bench --mutants}. */
class MutantBenchTest {
  private static final Path MODELS =
      Path.of(System.getProperty("etch.root")).resolve("testbench/models");
  private static final Pattern ROW =
      Pattern.compile(
          "\\| all \\| (\\d+) \\| \\d+ \\| \\d+ of \\d+ \\(([0-9.]+) %\\) \\| \\d+ of \\d+ \\(([0-9.]+) %\\) \\|");

  private static Matcher campaign(String model, int mutants, int seed) {
    CapturedRun run =
        CapturedRun.of(
            "bench",
            MODELS.resolve(model).toString(),
            "--multipliers",
            "4",
            "--mutants",
            Integer.toString(mutants),
            "--seed",
            Integer.toString(seed));
    assertEquals(ExitCode.FINE, run.code(), run.err());
    Matcher row = ROW.matcher(run.out());
    assertTrue(row.find(), run.out());
    assertEquals(mutants, Integer.parseInt(row.group(1)));
    return row;
  }

  /** Whether the campaign judges, not how good the judges are. */
  @Test
  void judgesBothJudges() {
    Matcher row = campaign("tiny/tiny.etch", 3, 1);
    assertEquals("100.0", row.group(2));
    assertEquals("100.0", row.group(3));
  }

  @Test
  @Tag("slow")
  void mostMutantsAreCaught() {
    Matcher row = campaign("tiny/tiny.etch", 30, 1);
    assertTrue(Double.parseDouble(row.group(2)) >= LEAST_BY_VERIFY, row.group());
    assertTrue(Double.parseDouble(row.group(3)) >= LEAST_BY_TESTBENCH, row.group());
  }

  private static final double LEAST_BY_VERIFY = 90;
  private static final double LEAST_BY_TESTBENCH = 85;
}
