// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import dev.etch.testbench.MemoryFiles;
import dev.etch.testbench.ToolRunner;
import dev.etch.testbench.VerilatorBuild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Alters single bits of Verilog with Yosys' {@code mutate}. The contents of memories are left
 * alone: they are the model's numbers.
 *
 * <p>All mutants go into one design, as mutant schemata do (R. Untch, A. Offutt, M. J. Harrold,
 * Mutation Analysis Using Mutant Schemata, ISSTA 1993): each altered bit has a multiplexer, and a
 * number that is read from a file when a simulation starts says which of them is active. So a
 * simulator is built once, not once a mutant.
 */
public final class Mutator {
  /** Candidates for each mutant that is wanted; some are dropped, see {@link #draw}. */
  private static final int CANDIDATES = 8;

  static final long TIMEOUT_SECONDS = 900;
  static final String BASE = "base.il";

  /** The same for what can occur, see {@link ConstrainedNetlist} and {@link MaskedWrites}. */
  static final String REACHABLE = "reachable.il";

  static final String DEBIAN_PACKAGE = "yosys";
  private static final String SELECTION = "etch_mutant";
  private static final int SELECTION_BITS = 20;

  /** The very registers that both judges set: what they set would be a wire of the mutant. */
  private static final Pattern SETTABLE =
      Pattern.compile(
          "cell \\S+ (\\S+)\n(?: +(?:parameter|connect) .*\n)*? +connect \\\\Q "
              + "\\\\(?:(?:monitor|control_registers)_\\S+|cluster\\d+_sum|"
              + "element\\d+_(?:left|right)_0|%s)\n".formatted(VerilatorBuild.DRAIN_WORD));

  private static final Pattern OF_OUTPUT = Pattern.compile("-cell (\\S+) -port Q ");

  /** The enable of a read that is always enabled: no Verilog says what altering it would mean. */
  private static final Pattern READ_ENABLE = Pattern.compile("-cell \\$memrd\\S* -port EN ");

  private static final Pattern MODULE =
      Pattern.compile("(?m)^module\\s+(\\w+)[\\s\\S]*?^endmodule\\s*$");

  private final Path work;
  private final Map<String, String> modules = new LinkedHashMap<>();

  /**
   * Reads a design.
   *
   * @param rtl folder with its {@code .v} files
   * @param work an empty folder
   */
  public Mutator(Path rtl, String top, Path work) {
    this.work = Objects.requireNonNull(work);
    ToolRunner.require("yosys", DEBIAN_PACKAGE);
    StringBuilder whole = new StringBuilder();
    try (Stream<Path> files = Files.list(rtl)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".v")).sorted().toList()) {
        whole.append(Files.readString(file)).append('\n');
      }
      // A short name of its own: cells are named after file and line, and mutants after cells.
      Files.writeString(work.resolve("design.v"), whole);
      MemoryFiles.copy(rtl, work);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Matcher module = MODULE.matcher(whole);
    while (module.find()) {
      modules.put(module.group(1), module.group());
    }
    yosys(
        List.of(
            "read_verilog design.v",
            "hierarchy -check -top " + Objects.requireNonNull(top),
            "proc",
            // What no Verilog says (which address a memory gets that is not written) is not
            // altered.
            "opt_expr -mux_undef",
            "opt_clean",
            "write_rtlil " + BASE),
        TIMEOUT_SECONDS);
  }

  /**
   * So many mutants, drawn over the cells of all modules; equal seeds give equal ones. None is in
   * the contents of a memory, none in the output of a register that both judges set.
   */
  public List<Mutant> draw(int count, long seed) {
    yosys(
        List.of(
            "read_rtlil " + BASE,
            "mutate -list " + count * CANDIDATES + " -seed " + seed + " -o list.txt"),
        TIMEOUT_SECONDS);
    Set<String> settable = settable();
    try (Stream<String> lines = Files.lines(work.resolve("list.txt"))) {
      return lines
          .filter(command -> isOfTheLogic(command, settable))
          .limit(count)
          .map(Mutant::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOfTheLogic(String command, Set<String> settable) {
    Matcher output = OF_OUTPUT.matcher(command);
    return !command.contains("$meminit")
        && !(output.find() && settable.contains(output.group(1)))
        && !READ_ENABLE.matcher(command).find();
  }

  /** The cells of the registers that both judges set. */
  private Set<String> settable() {
    try {
      return SETTABLE
          .matcher(Files.readString(work.resolve(BASE)))
          .results()
          .map(register -> register.group(1))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes the whole design with a switch for each mutant.
   *
   * @param mutants of which at most one is active at a time
   * @param folder where the Verilog goes
   * @param selection the file that says which one is active, as a simulator finds it; see {@link
   *     #select}
   */
  public void write(List<Mutant> mutants, Path folder, String selection) {
    if (mutants.size() >= 1 << SELECTION_BITS) {
      throw new IllegalArgumentException("too many mutants: " + mutants.size());
    }
    List<String> script = new ArrayList<>(List.of("read_rtlil " + BASE));
    for (int i = 0; i < mutants.size(); i++) {
      script.add(
          mutants.get(i).command() + " -ctrl " + SELECTION + " " + SELECTION_BITS + " " + (i + 1));
    }
    List<String> altered = mutants.stream().map(Mutant::module).distinct().toList();
    script.add("select " + String.join(" ", altered));
    script.add("write_verilog -noattr -selected altered.v");
    yosys(script, TIMEOUT_SECONDS);
    try {
      Files.createDirectories(folder);
      String text = Files.readString(work.resolve("altered.v"));
      Files.writeString(folder.resolve("altered.v"), withSwitches(text, selection));
      StringBuilder others = new StringBuilder();
      modules.forEach(
          (name, body) -> others.append(altered.contains(name) ? "" : body).append("\n\n"));
      Files.writeString(folder.resolve("others.v"), others);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes mutant number {@code number} the active one; 0 is the right design. */
  public static void select(Path selection, int number) {
    try {
      Files.writeString(selection, Integer.toHexString(number) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In place of the port that Yosys adds, each module reads the file itself. */
  private static String withSwitches(String text, String selection) {
    String range = "\\[" + (SELECTION_BITS - 1) + ":0\\]";
    String connection = "\\." + SELECTION + "\\(" + SELECTION + "\\)";
    return text.replaceAll("(?m)^ *" + connection + ",\n", "")
        .replaceAll(",\\s*" + connection, "")
        .replaceAll("(?m)^(module [^;]*?)\\b" + SELECTION + "\\s*,\\s*", "$1")
        .replaceAll("(?m)^(module [^;]*?),\\s*" + SELECTION + "\\b", "$1")
        .replaceAll("(?m)^ *input " + range + " " + SELECTION + ";\n", "")
        .replaceAll(
            "(?m)^ *wire " + range + " " + SELECTION + ";\n",
            Matcher.quoteReplacement(
                """
                  reg [%d:0] etch_selected [0:0];
                  initial $readmemh("%s", etch_selected);
                  wire [%d:0] %s = etch_selected[0];
                """
                    .formatted(SELECTION_BITS - 1, selection, SELECTION_BITS - 1, SELECTION)));
  }

  /** What proves mutants equal to the design for all values that can occur, where it can. */
  public EquivalenceProof proof(List<ReachableRange> ranges) {
    try {
      String all = Files.readString(work.resolve(BASE));
      String reachable = MaskedWrites.of(MaskedPayloads.of(new ConstrainedNetlist(ranges).of(all)));
      Files.writeString(work.resolve(REACHABLE), reachable);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new EquivalenceProof(work);
  }

  /** Writes the design of a proof: a value that the ranges exclude would come out altered. */
  public void writeConstrained(Path folder) {
    yosys(
        List.of("read_rtlil " + REACHABLE, "write_verilog -noattr constrained.v"), TIMEOUT_SECONDS);
    try {
      Files.createDirectories(folder);
      Files.copy(work.resolve("constrained.v"), folder.resolve("constrained.v"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void yosys(List<String> script, long seconds) {
    ToolRunner.Outcome outcome = run(work, script, seconds);
    if (outcome.exitCode() != 0) {
      throw new IllegalStateException("yosys failed: " + outcome.output());
    }
  }

  static ToolRunner.Outcome run(Path work, List<String> script, long seconds) {
    try {
      Files.write(work.resolve("script.ys"), script, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ToolRunner.run(work, seconds, List.of("yosys", "-q", "script.ys"));
  }
}
