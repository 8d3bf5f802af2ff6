// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import dev.etch.testbench.SimulationException;
import dev.etch.testbench.ToolRunner;
import dev.etch.testbench.mutation.MutantCampaign.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The generated testbench before mutants. It is built once; each run has a folder of its own with
 * the file that selects its mutant, so that several run side by side.
 */
final class MutantTestbench {
  private static final long MOST_SECONDS = 3600;
  private static final long LEAST_SECONDS = 30;

  /** How many times as long as with the right design a run may take. */
  private static final long PATIENCE = 4;

  private static final String SELECTION = "selected.hex";

  private final Path generated;
  private final Path work;
  private final Path built;
  private String program;
  private long seconds = MOST_SECONDS;

  /**
   * Prepares.
   *
   * @param generated folder of the testbench with its vectors
   * @param work a folder to be made
   */
  MutantTestbench(Path generated, Path work) {
    this.generated = Objects.requireNonNull(generated);
    this.work = Objects.requireNonNull(work);
    this.built = work.resolve("testbench");
  }

  /**
   * Builds it with the testbench's own script, which also runs it.
   *
   * @throws IllegalStateException if the right design does not pass
   */
  void build(Mutator mutator, List<Mutant> mutants, String top) throws IOException {
    program = "tb_" + top + ".vvp";
    Files.createDirectories(built);
    try (Stream<Path> files = Files.list(generated)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, built.resolve(file.getFileName()));
      }
    }
    mutator.write(mutants, work.resolve("rtl"), SELECTION);
    Mutator.select(built.resolve(SELECTION), 0);
    long start = System.nanoTime();
    ToolRunner.Outcome outcome =
        ToolRunner.run(built, MOST_SECONDS, List.of("sh", built.resolve("run.sh").toString()));
    if (outcome.exitCode() != 0) {
      throw new IllegalStateException(
          "the testbench refuses the right design: " + outcome.output());
    }
    long took = (System.nanoTime() - start) / 1_000_000_000;
    seconds = Math.min(MOST_SECONDS, LEAST_SECONDS + PATIENCE * took);
  }

  /** The verdict on a mutant; several threads may ask. */
  Verdict judge(int number) {
    Path folder = null;
    try {
      folder = Files.createTempDirectory(work, "run-");
      try (Stream<Path> files = Files.list(built)) {
        for (Path file : files.filter(f -> !f.endsWith(SELECTION)).toList()) {
          Files.createSymbolicLink(folder.resolve(file.getFileName()), file);
        }
      }
      Mutator.select(folder.resolve(SELECTION), number);
      return simulate(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      MutantCampaign.delete(folder);
    }
  }

  private Verdict simulate(Path folder) {
    try {
      ToolRunner.Outcome outcome = ToolRunner.run(folder, seconds, List.of("vvp", "-n", program));
      boolean passes = outcome.output().lines().anyMatch(line -> line.startsWith("PASS"));
      return passes ? Verdict.SURVIVED : Verdict.CAUGHT;
    } catch (SimulationException neverEnds) {
      return Verdict.CAUGHT;
    }
  }
}
