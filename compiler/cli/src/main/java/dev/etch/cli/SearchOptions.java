// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.compress.search.Limits;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.hardware.Target;
import dev.etch.schedule.Budget;
import dev.etch.schedule.Mapping;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The hardware that a compressed model is for, and limits that a search has to keep. */
final class SearchOptions {
  private static final double PERCENT = 100;

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "Hardware that models are priced for: generic (default), xc7, ecp5, ice40, ...")
  private String target;

  @Option(
      names = "--multipliers",
      paramLabel = "N",
      description = "At most N multipliers: also print cycles, LUTs and blocks before and after.")
  private Integer multipliers;

  @Option(
      names = "--budget",
      paramLabel = "NAME=N",
      split = ",",
      description = "At most that much hardware: dsp=N,lut=N,bram=N, all optional; likewise.")
  private Map<String, Integer> resources;

  @Option(
      names = "--cycles",
      paramLabel = "N",
      description =
          "Search for the densities of all layers with which a frame takes at most N cycles, in place "
              + "of what --density says.")
  private Long cycles;

  @Option(
      names = "--bytes",
      paramLabel = "N",
      description = "Likewise with which the coded model takes at most N bytes.")
  private Long bytes;

  @Option(
      names = "--max-loss",
      paramLabel = "POINTS",
      description =
          "Percent of the items of --validation that may be wrong besides those that the float model "
              + "gets wrong. Without --cycles and --bytes, the fewest "
              + "cycles with it.")
  private Double loss;

  @Option(
      names = "--frontier",
      paramLabel = "FILE",
      description = "Draw all models that the search priced, as SVG.")
  private Path frontier;

  @Option(
      names = "--mapping-output",
      paramLabel = "FILE",
      description = "Mapping with which etch compile -m makes exactly the design that was priced.")
  private Path mappingOutput;

  /** Limits of a search, if one is asked for. */
  Optional<Limits> limits() {
    if (cycles == null && bytes == null && loss == null) {
      return Optional.empty();
    }
    requirePositive("--cycles", cycles);
    requirePositive("--bytes", bytes);
    if (loss != null && !(loss >= 0 && loss <= PERCENT)) {
      throw new DiagnosticException(
          Location.option("--max-loss"), loss + " is out of range", "0 to 100 points");
    }
    return Optional.of(
        new Limits(
            Optional.ofNullable(cycles),
            Optional.ofNullable(bytes),
            Optional.ofNullable(loss).map(points -> points / PERCENT)));
  }

  private static void requirePositive(String option, Long number) {
    if (number != null && number < 1) {
      throw new DiagnosticException(
          Location.option(option), number + " is too few", "give 1 or more");
    }
  }

  /**
   * The hardware, if models are priced.
   *
   * @throws DiagnosticException if it is missing, or contradictory
   */
  Optional<Mapping> mapping() {
    boolean isNamed = target != null || multipliers != null || resources != null;
    if (multipliers != null && resources != null) {
      throw new DiagnosticException(
          Location.option("--budget"), "is given beside --multipliers", "give one of them");
    }
    if (!isNamed && limits().isEmpty()) {
      requireSearch("--frontier", frontier);
      requireSearch("--mapping-output", mappingOutput);
      return Optional.empty();
    }
    if (limits().isEmpty()) {
      requireSearch("--frontier", frontier);
    }
    Optional<Budget> budget =
        resources != null
            ? Optional.of(valid("--budget", () -> Budget.Resources.of(resources)))
            : Optional.ofNullable(multipliers)
                .map(n -> valid("--multipliers", () -> new Budget.Multipliers(n)));
    if (cycles != null && budget.isEmpty()) {
      throw new DiagnosticException(
          Location.option("--cycles"),
          "cycles are those of some hardware",
          "say which, with --multipliers or --budget");
    }
    return Optional.of(Mapping.of(named(), budget));
  }

  private static void requireSearch(String option, Path file) {
    if (file != null) {
      throw new DiagnosticException(
          Location.option(option),
          "there is nothing to write",
          "ask for a search, with --cycles, --bytes or --max-loss");
    }
  }

  private Target named() {
    String name = target == null ? Target.GENERIC.name() : target;
    for (Target known : Target.values()) {
      if (known.name().equalsIgnoreCase(name)) {
        return known;
      }
    }
    throw new DiagnosticException(
        Location.option("--target"),
        "there is no '" + name + "'",
        "one of " + Arrays.toString(Target.values()).toLowerCase(Locale.ROOT));
  }

  private static <T> T valid(String option, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new DiagnosticException(Location.option(option), e.getMessage(), "");
    }
  }

  /** Where the frontier is drawn. */
  Optional<Path> frontier() {
    return Optional.ofNullable(frontier);
  }

  /** Where the mapping is written. */
  Optional<Path> mappingOutput() {
    return Optional.ofNullable(mappingOutput);
  }
}
