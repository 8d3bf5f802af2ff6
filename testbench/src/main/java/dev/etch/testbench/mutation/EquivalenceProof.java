// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import dev.etch.testbench.SimulationException;
import dev.etch.testbench.ToolRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Proves that what leaves an altered module is what leaves the original, whatever comes in, from
 * the state that an FPGA starts in (all registers zero) on, with resets at any time. Of what the
 * module's surroundings never do, only values out of their {@link ReachableRange} are left out, so
 * a failed proof says nothing.
 *
 * <p>Yosys makes one circuit of both modules that says whether they differ, and ABC's {@code
 * dprove} decides whether it ever does: by signal correspondence (C. van Eijk, Sequential
 * Equivalence Checking without State Space Traversal, DATE 1998), interpolation and reachability
 * (N. Een, A. Mishchenko, R. Brayton, Efficient Implementation of Property Directed Reachability,
 * FMCAD 2011). Memories stay out of it: what is written to and asked of them has to be equal. Small
 * constant ones are logic. If the altered place is a connection of an instance, that instance is a
 * part of the module.
 */
public final class EquivalenceProof {
  private static final int SMALL_MEMORY = 256;
  private static final String CIRCUIT = "pair.aig";

  /** What ABC says of a circuit with registers, of one without, and of a property. */
  private static final List<String> PROVED =
      List.of("Networks are equivalent", "UNSATISFIABLE", "Property proved");

  /** What it says if it has seen a difference. */
  private static final String DISPROVED = "was asserted in frame";

  /** One engine after the other: what the first leaves open, the second may prove. */
  private static final List<String> ENGINES =
      List.of("dprove", "scorr -F 3; scorr -C 100000; pdr -T 300");

  /** From the modules gold and gate to a circuit. */
  private static final List<String> COMPARISON =
      List.of(
          "expose -evert gold/c:* gate/c:*",
          "delete gold gate %u %n",
          "memory_collect gold gate",
          "select -set memories gold/t:$mem_v2 gate/t:$mem_v2",
          "select -set small @memories r:WR_PORTS=0 %i r:SIZE<=" + SMALL_MEMORY + " %i",
          "memory_map @small",
          "expose -evert gold/t:$mem_v2 gate/t:$mem_v2",
          "opt_clean -purge gold gate",
          "miter -equiv gold gate pair",
          "flatten pair",
          "hierarchy -top pair",
          "opt",
          "techmap",
          "simplemap",
          "dffunmap",
          "setundef -zero -undriven -init",
          "aigmap",
          "opt_clean",
          "write_aiger -zinit " + CIRCUIT);

  private final Path work;

  /**
   * Proofs about a design.
   *
   * @param work folder with its {@link Mutator#REACHABLE}
   */
  EquivalenceProof(Path work) {
    this.work = Objects.requireNonNull(work);
    ToolRunner.require("yosys-abc", Mutator.DEBIAN_PACKAGE);
  }

  /**
   * Whether the mutant is proved to show nothing, within so many seconds for each engine. Several
   * threads may ask.
   */
  public boolean holds(Mutant mutant, long seconds) {
    Path folder = null;
    try {
      folder = Files.createTempDirectory(work, "proof-");
      return holds(mutant, seconds, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      MutantCampaign.delete(folder);
    }
  }

  private boolean holds(Mutant mutant, long seconds, Path folder) {
    try {
      ToolRunner.Outcome circuit = Mutator.run(folder, script(mutant), seconds);
      if (circuit.exitCode() != 0) {
        throw new IllegalStateException("yosys failed: " + circuit.output());
      }
    } catch (SimulationException tooLong) {
      return false;
    }
    for (String engine : ENGINES) {
      String answer = answer(engine, seconds, folder);
      if (PROVED.stream().anyMatch(answer::contains)) {
        return true;
      }
      if (answer.contains(DISPROVED)) {
        return false;
      }
    }
    return false;
  }

  private static String answer(String engine, long seconds, Path folder) {
    try {
      return ToolRunner.run(
              folder, seconds, List.of("yosys-abc", "-c", "read " + CIRCUIT + "; " + engine))
          .output();
    } catch (SimulationException tooLong) {
      return "";
    }
  }

  private List<String> script(Mutant mutant) {
    List<String> script =
        new ArrayList<>(
            List.of(
                "read_rtlil ../" + Mutator.REACHABLE,
                "copy " + mutant.module() + " gold",
                "copy " + mutant.module() + " gate",
                mutant.command().replace("-module " + mutant.module() + " ", "-module gate ")));
    if (mutant.isOfInstance()) {
      script.addAll(
          List.of(
              "setattr -mod -set keep_hierarchy 1 *",
              "setattr -mod -unset keep_hierarchy " + moduleOf(mutant),
              "flatten gold gate",
              "setattr -mod -unset keep_hierarchy *"));
    }
    script.addAll(COMPARISON);
    return script;
  }

  /** The module whose instance has an altered connection. */
  private String moduleOf(Mutant mutant) {
    try {
      String all = Files.readString(work.resolve(Mutator.REACHABLE));
      int from = all.indexOf("\nmodule \\" + mutant.module() + "\n");
      Pattern instance =
          Pattern.compile("cell \\\\(\\S+) \\\\" + Pattern.quote(mutant.cell()) + "\n");
      Matcher found = instance.matcher(all);
      if (!found.find(from)) {
        throw new IllegalStateException("no instance " + mutant.cell());
      }
      return found.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
