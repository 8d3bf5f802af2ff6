// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.PipelineStages;
import dev.etch.hardware.ScheduleColumns;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Builds the simulator of a folder of Verilog, once for each content: Verilator to C++, all of the
 * C++ compiled as one unit together with our own main, linked with Verilator's library, which is
 * compiled once and kept too. Safe to call from many threads and processes at once.
 */
public final class VerilatorBuild {
  private static final Pattern TOP = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final long TIMEOUT_SECONDS = 1800;
  private static final String EXECUTABLE = "simulator";
  private static final String SOURCES = "sources";

  /** What becomes of it shows how queues are altered: simulators of other ways are not used. */
  private static final String SAMPLE_QUEUE =
      """
      module queue_sample
        assign push_ready = 1'b1;
      endmodule
      """;

  /** How the names of the top module's registers begin that a simulation may set. */
  private static final String SETTABLE = "monitor_";

  /** How the names of the instances of queues begin; the stream's name follows. */
  private static final String QUEUE = "queue_";

  /** How the names of the instances of units begin; the unit's name follows. */
  private static final String UNIT = "unit_";

  /** The register of a window unit that says which output each drain is of. */
  public static final String DRAIN_WORD =
      ScheduleColumns.memoryName(PipelineStages.DRAIN) + "_word";

  private final SimulatorCache cache;

  /** Builds into a cache. */
  public VerilatorBuild(SimulatorCache cache) {
    this.cache = Objects.requireNonNull(cache);
  }

  /**
   * What to build.
   *
   * @param rtl folder with the {@code .v} files
   * @param top name of the top module
   * @param optimization of the C++ compiler
   * @param trace whether the simulator can write waveforms; such a simulator is much slower
   */
  public record Request(Path rtl, String top, Optimization optimization, boolean trace) {
    public Request {
      Objects.requireNonNull(rtl);
      Objects.requireNonNull(optimization);
      if (!TOP.matcher(top).matches()) {
        throw new IllegalArgumentException("not a module name: " + top);
      }
    }
  }

  /**
   * The simulator's executable file.
   *
   * @throws ToolMissingException if Verilator or g++ is not installed
   * @throws SimulationException if the design cannot be built
   */
  public Path build(Request request) {
    ToolRunner.require("verilator", "verilator");
    ToolRunner.require("g++", "g++");
    List<Path> sources = verilogFiles(request.rtl());
    Toolchain tools = Toolchain.ask();
    String key =
        SimulatorCache.hash(
            Stream.concat(sources.stream(), MemoryFiles.of(request.rtl()).stream()).toList(),
            List.of(
                tools.version(),
                mainSource(),
                StalledQueues.of(SAMPLE_QUEUE, QUEUE),
                request.top(),
                request.optimization().flag(),
                Boolean.toString(request.trace())));
    Path library = library(tools, request.trace());
    return cache
        .get("sim-" + key, folder -> compile(folder, request, sources, tools, library))
        .resolve(EXECUTABLE);
  }

  /** Bytes of all Verilog in a folder. */
  public static long verilogBytes(Path rtl) {
    return verilogFiles(rtl).stream().mapToLong(f -> f.toFile().length()).sum();
  }

  private static List<Path> verilogFiles(Path rtl) {
    try (Stream<Path> files = Files.list(rtl)) {
      List<Path> sources =
          files.filter(f -> f.getFileName().toString().endsWith(".v")).sorted().toList();
      if (sources.isEmpty()) {
        throw new SimulationException(
            SimulationException.Kind.BUILD, "no .v files in the folder " + rtl);
      }
      return sources;
    } catch (IOException e) {
      throw new SimulationException(
          SimulationException.Kind.BUILD, "cannot read the folder " + rtl, e);
    }
  }

  private static void compile(
      Path folder, Request request, List<Path> sources, Toolchain tools, Path library) {
    Path generated = folder.resolve("generated");
    runVerilator(folder, request, stalled(folder, request.top(), sources), generated);
    try {
      String header = Files.readString(generated.resolve("Vdut.h"));
      Files.writeString(
          generated.resolve("ports.h"),
          PortWidths.parse(header, request.top()).header() + access(generated, request.top()));
      Files.writeString(generated.resolve("once.cpp"), oneUnit(generated, true));
      Files.writeString(generated.resolve("all.cpp"), oneUnit(generated, false) + mainSource());
      runCompiler(folder, request, tools, library);
      MemoryFiles.copy(request.rtl(), folder);
      SimulatorCache.delete(generated);
      SimulatorCache.delete(folder.resolve(SOURCES));
      Files.delete(folder.resolve("all.o"));
      Files.delete(folder.resolve("once.o"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The sources with queues that a simulation can stall, in the folder. */
  private static List<Path> stalled(Path folder, String top, List<Path> sources) {
    List<Path> all = new ArrayList<>();
    try {
      Path copies = Files.createDirectories(folder.resolve(SOURCES));
      for (Path source : sources) {
        Path copy = copies.resolve(source.getFileName());
        // Messages name the file that the caller knows.
        String origin = "`line 1 \"" + source.toAbsolutePath() + "\" 0\n";
        Files.writeString(
            copy, origin + StalledQueues.of(Files.readString(source), top + "_" + QUEUE));
        all.add(copy);
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The macros that list the registers that a simulation may set, the queues that it sees, and the
   * ends of arithmetic pipelines.
   */
  private static String access(Path generated, String top) throws IOException {
    String root = Files.readString(generated.resolve("Vdut___024root.h"));
    return deposits(root, top) + queues(root, top) + stalls(root, top) + arithmetic(root, top);
  }

  private static String deposits(String root, String top) {
    Matcher member = Pattern.compile("\\b" + top + "__DOT__(" + SETTABLE + "\\w+);").matcher(root);
    StringBuilder places = new StringBuilder();
    while (member.find()) {
      String name = "(root)->" + top + "__DOT__" + member.group(1);
      places.append("{\"%s\", &%s, sizeof(%s)},".formatted(member.group(1), name, name));
    }
    return places.isEmpty() ? "" : "#define DEPOSITS(root) " + places + "\n";
  }

  private static String queues(String root, String top) {
    String queue = "(" + top + "__DOT__" + QUEUE + "(\\w+)__DOT__)";
    Matcher member = Pattern.compile("/\\*(\\d+):0\\*/ " + queue + "push_payload;").matcher(root);
    StringBuilder places = new StringBuilder();
    while (member.find()) {
      String name = "(root)->" + member.group(2);
      int bytes = Integer.parseInt(member.group(1)) / Byte.SIZE + 1;
      places.append(
          "{\"%s\", &%spushing, &%spush_payload, %d},"
              .formatted(member.group(3), name, name, bytes));
    }
    return places.isEmpty() ? "" : "#define QUEUES(root) " + places + "\n";
  }

  private static String stalls(String root, String top) {
    String queue =
        "\\b(" + top + "__DOT__" + QUEUE + "\\w+__DOT__)" + StalledQueues.THRESHOLD + ";";
    Matcher member = Pattern.compile(queue).matcher(root);
    StringBuilder places = new StringBuilder();
    while (member.find()) {
      String name = "&(root)->" + member.group(1);
      places.append(
          "{%s%s, %s%s},".formatted(name, StalledQueues.THRESHOLD, name, StalledQueues.RANDOM));
    }
    return places.isEmpty() ? "" : "#define STALLS(root) " + places + "\n";
  }

  private static String arithmetic(String root, String top) {
    String register =
        ("(%s__DOT__(%s\\w+)__DOT__(cluster\\d+_sum|element\\d+_(?:left|right)_0|"
                + "(?:cluster|element)\\d+_result_%d|%s))")
            .formatted(top, UNIT, PipelineStages.REQUANTIZER, DRAIN_WORD);
    Matcher member = Pattern.compile("\\b" + register + ";").matcher(root);
    StringBuilder places = new StringBuilder();
    while (member.find()) {
      places.append(
          "{\"%s.%s\", (uint8_t*) &(root)->%s},"
              .formatted(member.group(2), member.group(3), member.group(1)));
    }
    return places.isEmpty() ? "" : "#define ARITHMETIC(root) " + places + "\n";
  }

  private static void runVerilator(
      Path folder, Request request, List<Path> sources, Path generated) {
    Path access = folder.resolve("access.vlt");
    try {
      Files.writeString(
          access,
          """
          `verilator_config
          public_flat_rw -module "%1$s" -var "%2$s*"
          public_flat_rd -module "%1$s_%3$s*" -var "pushing"
          public_flat_rd -module "%1$s_%3$s*" -var "push_payload"
          public_flat_rw -module "%1$s_%3$s*" -var "%6$s"
          public_flat_rw -module "%1$s_%3$s*" -var "%7$s"
          inline -module "%1$s_%3$s*"
          public_flat_rw -module "%1$s_*" -var "cluster*_sum"
          public_flat_rw -module "%1$s_*" -var "%5$s"
          public_flat_rw -module "%1$s_*" -var "element*_left_0"
          public_flat_rw -module "%1$s_*" -var "element*_right_0"
          public_flat_rd -module "%1$s_*" -var "cluster*_result_%4$d"
          public_flat_rd -module "%1$s_*" -var "element*_result_%4$d"
          """
              .formatted(
                  request.top(),
                  SETTABLE,
                  QUEUE,
                  PipelineStages.REQUANTIZER,
                  DRAIN_WORD,
                  StalledQueues.THRESHOLD,
                  StalledQueues.RANDOM));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> command = new ArrayList<>();
    command.addAll(List.of("verilator", "--cc", "--prefix", "Vdut", "--Mdir"));
    command.add(generated.toString());
    command.addAll(List.of("--top-module", request.top()));
    // Registers that no reset reaches start with random bits: what depends on them fails.
    command.addAll(List.of("-O3", "--x-assign", "fast", "--x-initial", "unique", "-Wno-fatal"));
    command.addAll(List.of("-Wno-lint", "-Wno-style", "--output-split", "0", "--noassert"));
    if (request.trace()) {
      command.add("--trace");
    }
    command.add(access.toString());
    sources.forEach(s -> command.add(s.toAbsolutePath().toString()));
    ToolRunner.runChecked(folder, TIMEOUT_SECONDS, command);
  }

  /**
   * A C++ file that includes the generated ones that run once, or those that run each cycle. What
   * runs once (the contents of memories above all) is long, and not worth optimizing.
   */
  private static String oneUnit(Path generated, boolean once) throws IOException {
    StringBuilder text = new StringBuilder("#include \"Vdut.h\"\n");
    try (Stream<Path> files = Files.list(generated)) {
      files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.startsWith("Vdut") && f.endsWith(".cpp"))
          .filter(f -> f.endsWith("__Slow.cpp") == once)
          .sorted()
          .forEach(f -> text.append("#include \"").append(f).append("\"\n"));
    }
    return text.toString();
  }

  private static void runCompiler(Path folder, Request request, Toolchain tools, Path library) {
    List<String> flags = compilerFlags(tools, request.trace());
    CompletableFuture<Void> once =
        CompletableFuture.runAsync(
            () -> compileUnit(folder, flags, Optimization.NONE.flag(), "once"));
    compileUnit(folder, flags, request.optimization().flag(), "all");
    once.join();
    List<String> link = new ArrayList<>(List.of("g++", "all.o", "once.o"));
    librarySources(request.trace()).forEach(s -> link.add(library.resolve(s + ".o").toString()));
    link.addAll(List.of("-pthread", "-o", EXECUTABLE));
    ToolRunner.runChecked(folder, TIMEOUT_SECONDS, link);
  }

  private static void compileUnit(Path folder, List<String> flags, String level, String unit) {
    List<String> command = new ArrayList<>(flags);
    command.addAll(List.of(level, "-Igenerated", "-c", "generated/" + unit + ".cpp"));
    command.addAll(List.of("-o", unit + ".o"));
    ToolRunner.runChecked(folder, TIMEOUT_SECONDS, command);
  }

  private static List<String> compilerFlags(Toolchain tools, boolean trace) {
    List<String> flags = new ArrayList<>();
    flags.addAll(List.of("g++", "-std=c++17", "-march=native", "-w", "-fno-strict-aliasing"));
    flags.addAll(List.of("-I" + tools.root() + "/include"));
    flags.addAll(List.of("-isystem", tools.root() + "/include/vltstd"));
    flags.addAll(List.of("-DVL_TIME_CONTEXT", "-DVM_COVERAGE=0", "-DVM_SC=0"));
    flags.add("-DVM_TRACE=" + (trace ? 1 : 0));
    flags.add("-DVM_TRACE_VCD=" + (trace ? 1 : 0));
    flags.add("-DVM_TRACE_FST=0");
    if (trace) {
      flags.add("-DETCH_TRACE");
    }
    return flags;
  }

  private static List<String> librarySources(boolean trace) {
    List<String> sources = new ArrayList<>(List.of("verilated", "verilated_threads"));
    if (trace) {
      sources.add("verilated_vcd_c");
    }
    return sources;
  }

  private Path library(Toolchain tools, boolean trace) {
    List<String> flags = compilerFlags(tools, trace);
    List<String> words = new ArrayList<>(flags);
    words.add(tools.version());
    return cache.get(
        "lib-" + SimulatorCache.hash(List.of(), words),
        folder -> compileLibrary(folder, tools, trace));
  }

  private static void compileLibrary(Path folder, Toolchain tools, boolean trace) {
    for (String source : librarySources(trace)) {
      List<String> command = new ArrayList<>(compilerFlags(tools, trace));
      command.addAll(List.of("-O2", "-c", tools.root() + "/include/" + source + ".cpp"));
      command.addAll(List.of("-o", source + ".o"));
      ToolRunner.runChecked(folder, TIMEOUT_SECONDS, command);
    }
  }

  private static String mainSource() {
    try (InputStream stream = VerilatorBuild.class.getResourceAsStream("simulator.cpp")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the installed tools say about themselves. */
  private record Toolchain(String version, String root) {
    static Toolchain ask() {
      String version =
          answer("verilator", "--version") + "; g++ " + answer("g++", "-dumpfullversion");
      return new Toolchain(version, answer("verilator", "--getenv", "VERILATOR_ROOT"));
    }

    private static String answer(String... command) {
      Path folder = Path.of(System.getProperty("java.io.tmpdir"));
      return ToolRunner.runChecked(folder, TIMEOUT_SECONDS, List.of(command)).strip();
    }
  }
}
