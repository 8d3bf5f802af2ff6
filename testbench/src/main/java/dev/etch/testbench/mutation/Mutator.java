// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import dev.etch.testbench.SimulationException;
import dev.etch.testbench.ToolRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Alters single bits of Verilog with Yosys' {@code mutate}, and proves altered modules equivalent
 * where it can. The contents of memories are left alone: they are the model's numbers.
 */
public final class Mutator {
  /** Candidates for each mutant that is wanted; those in memory contents are dropped. */
  private static final int CANDIDATES = 8;

  private static final long TIMEOUT_SECONDS = 900;
  private static final String DEBIAN_PACKAGE = "yosys";
  private static final Pattern MODULE =
      Pattern.compile("(?m)^module\\s+(\\w+)[\\s\\S]*?^endmodule\\s*$");

  private final String top;
  private final Path work;
  private final Map<String, String> modules = new LinkedHashMap<>();

  /**
   * Reads a design.
   *
   * @param rtl folder with its {@code .v} files
   * @param work an empty folder
   */
  public Mutator(Path rtl, String top, Path work) {
    this.top = Objects.requireNonNull(top);
    this.work = Objects.requireNonNull(work);
    ToolRunner.require("yosys", DEBIAN_PACKAGE);
    List<String> script = new ArrayList<>();
    try (Stream<Path> files = Files.list(rtl)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".v")).sorted().toList()) {
        script.add("read_verilog " + file.toAbsolutePath());
        Matcher module = MODULE.matcher(Files.readString(file));
        while (module.find()) {
          modules.put(module.group(1), module.group());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    script.add("hierarchy -check -top " + top);
    script.add("proc");
    script.add("opt_clean");
    script.add("write_rtlil base.il");
    for (String module : modules.keySet()) {
      script.add("select " + module);
      script.add("write_rtlil -selected " + module + ".il");
      script.add("select -clear");
    }
    yosys(script, TIMEOUT_SECONDS);
  }

  /** So many mutants, drawn over the cells of all modules; equal seeds give equal ones. */
  public List<Mutant> draw(int count, long seed) {
    yosys(
        List.of(
            "read_rtlil base.il",
            "mutate -list " + count * CANDIDATES + " -seed " + seed + " -o list.txt"),
        TIMEOUT_SECONDS);
    Pattern module = Pattern.compile("-module (\\S+)");
    try (Stream<String> lines = Files.lines(work.resolve("list.txt"))) {
      return lines
          .filter(line -> !line.contains("$meminit"))
          .limit(count)
          .map(
              line -> {
                Matcher name = module.matcher(line);
                if (!name.find()) {
                  throw new IllegalStateException("a mutation without a module: " + line);
                }
                return new Mutant(line, name.group(1));
              })
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the whole design with one module altered. */
  public void write(Mutant mutant, Path folder) {
    yosys(
        List.of(
            "read_rtlil " + mutant.module() + ".il",
            mutant.command(),
            "write_verilog -noattr mutant.v"),
        TIMEOUT_SECONDS);
    try {
      Files.createDirectories(folder);
      Files.move(
          work.resolve("mutant.v"),
          folder.resolve("mutant.v"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      StringBuilder others = new StringBuilder();
      modules.forEach(
          (name, text) -> {
            if (!name.equals(mutant.module())) {
              others.append(text).append("\n\n");
            }
          });
      Files.writeString(folder.resolve("others.v"), others.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Whether Yosys proves the altered module equal to the original one, by induction, whatever its
   * inputs are; bounded in time, so that false says nothing.
   */
  public boolean isProvedEquivalent(Mutant mutant, long seconds) {
    String module = mutant.module();
    boolean hasInstances =
        modules.keySet().stream().anyMatch(m -> modules.get(module).contains("  " + m + " "));
    List<String> script = new ArrayList<>();
    script.add("read_rtlil " + (hasInstances ? "base.il" : module + ".il"));
    script.add("copy " + module + " gold");
    script.add("copy " + module + " gate");
    script.add(mutant.command().replace("-module " + module + " ", "-module gate "));
    if (hasInstances) {
      script.add("expose -evert gold gate");
    }
    script.add("select gold gate");
    script.add("async2sync");
    script.add("memory_dff");
    script.add("memory_collect");
    script.add("memory_map");
    script.add("opt_clean");
    script.add("select -clear");
    script.add("equiv_make gold gate equiv");
    script.add("hierarchy -top equiv");
    script.add("opt_clean");
    script.add("equiv_simple -undef");
    script.add("equiv_simple -seq 3");
    script.add("equiv_induct -seq 6");
    script.add("equiv_status -assert");
    try {
      return run(script, seconds).exitCode() == 0;
    } catch (SimulationException tooLong) {
      return false;
    }
  }

  private void yosys(List<String> script, long seconds) {
    ToolRunner.Outcome outcome = run(script, seconds);
    if (outcome.exitCode() != 0) {
      throw new IllegalStateException("yosys failed on " + top + ": " + outcome.output());
    }
  }

  private ToolRunner.Outcome run(List<String> script, long seconds) {
    try {
      Files.writeString(work.resolve("script.ys"), String.join("\n", script) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ToolRunner.run(work, seconds, List.of("yosys", "-q", "script.ys"));
  }
}
