// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Options by which a user says what the accelerator has to look like. */
final class MappingOptions {
  @Option(
      names = {"-m", "--mapping"},
      paramLabel = "FILE",
      description = "Mapping file; options given beside it win over what it says.")
  private Path mapping;

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "generic (default), xc7, ecp5, ice40 or gowin.")
  private String target;

  @Option(
      names = "--clock",
      paramLabel = "MHZ",
      description = "Clock frequency; the target's usual one if not given.")
  private Double clock;

  @ArgGroup(exclusive = true)
  private BudgetOption budget;

  /** At most one of these. */
  static final class BudgetOption {
    @Option(
        names = "--multipliers",
        paramLabel = "N",
        description = "Fewest cycles per frame with at most N multipliers.")
    Integer multipliers;

    @Option(
        names = "--fps",
        paramLabel = "F",
        description = "Fewest multipliers that give F frames a second.")
    Double fps;

    @Option(
        names = "--cycles",
        paramLabel = "N",
        description = "Fewest multipliers that need at most N cycles per frame.")
    Long cycles;
  }

  Path mapping() {
    return mapping;
  }

  String target() {
    return target;
  }

  Double clock() {
    return clock;
  }

  BudgetOption budget() {
    return budget;
  }
}
