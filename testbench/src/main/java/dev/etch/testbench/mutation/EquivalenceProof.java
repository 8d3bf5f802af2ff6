// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import dev.etch.testbench.SimulationException;
import dev.etch.testbench.ToolRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Proves with Yosys that what leaves an altered module is what leaves the original, whatever comes
 * in: by induction over time, from equal states. Nothing is said of what the module's surroundings
 * never do, so a failed proof says nothing.
 *
 * <p>The induction needs equal signals inside, but which ones are equal is not known: at first all
 * of equal name are assumed to be, and those that do not follow are dropped, until the rest follows
 * from itself (C. van Eijk, Sequential Equivalence Checking without State Space Traversal, DATE
 * 1998). Outputs are never dropped. Signals that nothing reads are not compared at all. Memories
 * stay out of the solver: what is written to and asked of them has to be equal. Small constant ones
 * are logic.
 */
public final class EquivalenceProof {
  private static final int MOST_ROUNDS = 12;
  private static final int SMALL_MEMORY = 64;
  private static final String OUTPUTS = "outputs.txt";
  private static final Pattern UNPROVEN =
      Pattern.compile("Unproven \\$equiv \\S+ (\\\\\\S+)_gold\\b");

  private final Path work;

  /**
   * Proofs about a design.
   *
   * @param work folder with its {@link Mutator#BASE}
   */
  EquivalenceProof(Path work) {
    this.work = Objects.requireNonNull(work);
  }

  /** Whether the mutant is proved to show nothing, within so many seconds. */
  public boolean holds(Mutant mutant, long seconds) {
    long end = System.nanoTime() + seconds * 1_000_000_000;
    Set<String> dropped = new TreeSet<>();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      long left = (end - System.nanoTime()) / 1_000_000_000;
      String status = left < 1 ? null : status(mutant, dropped, left);
      if (status == null) {
        return false;
      }
      if (!status.contains("Unproven $equiv")) {
        return true;
      }
      Set<String> unproven =
          UNPROVEN
              .matcher(status)
              .results()
              .map(found -> found.group(1))
              .collect(Collectors.toCollection(TreeSet::new));
      if (unproven.stream().anyMatch(outputs()::contains) || !dropped.addAll(unproven)) {
        return false;
      }
    }
    return false;
  }

  /** One round: which signals do not follow; null if there was not enough time. */
  private String status(Mutant mutant, Set<String> dropped, long seconds) {
    String gate = mutant.command().replace("-module " + mutant.module() + " ", "-module gate ");
    List<String> script =
        List.of(
            "read_rtlil " + Mutator.BASE,
            "copy " + mutant.module() + " gold",
            "copy " + mutant.module() + " gate",
            gate,
            "expose -evert gold gate",
            "delete gold gate %u %n",
            "tee -o " + OUTPUTS + " select -list gold/o:*",
            "memory_collect gold gate",
            "select -set small gold/t:$mem_v2 gate/t:$mem_v2 r:WR_PORTS=0 %i r:SIZE<="
                + SMALL_MEMORY
                + " %i",
            "memory_map @small",
            "opt_expr gold gate",
            "opt_clean -purge gold gate",
            "equiv_make -blacklist dropped.txt gold gate equiv",
            "hierarchy -top equiv",
            "delete equiv/t:$mem_v2",
            "equiv_simple",
            "equiv_induct -seq 6",
            "tee -o status.txt equiv_status");
    try {
      Files.write(work.resolve("dropped.txt"), dropped);
      ToolRunner.Outcome outcome = Mutator.run(work, script, seconds);
      return outcome.exitCode() == 0 ? Files.readString(work.resolve("status.txt")) : null;
    } catch (SimulationException tooLong) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What leaves the module, to its parent or into the instances in it, as Yosys names it. */
  private Set<String> outputs() {
    try {
      return Files.readAllLines(work.resolve(OUTPUTS)).stream()
          .map(line -> "\\" + line.substring(line.indexOf('/') + 1))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
