// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import dev.etch.lower.LoweredModel;
import dev.etch.tensor.IntegerTensor;
import dev.etch.testbench.Fault;
import dev.etch.testbench.SimulationException;
import dev.etch.testbench.SimulatorCache;
import dev.etch.testbench.ToolMissingException;
import dev.etch.testbench.ToolRunner;
import dev.etch.testbench.Verifier;
import dev.etch.testbench.VerifyOptions;
import dev.etch.testbench.VerifyResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Shows mutants of a design to both judges: {@link Verifier}, and the generated Verilog testbench
 * on Icarus Verilog.
 */
public final class MutantCampaign {
  private static final long TESTBENCH_SECONDS = 600;
  private static final long PROOF_SECONDS = 120;

  private final LoweredModel model;
  private final Path rtl;
  private final Path testbench;
  private final List<IntegerTensor> frames;
  private final VerifyOptions options;

  /**
   * A campaign on one design.
   *
   * @param rtl folder of the right Verilog
   * @param testbench folder of the generated testbench with its vectors
   * @param frames that the verifier is given, besides those of the options
   */
  public MutantCampaign(
      LoweredModel model,
      Path rtl,
      Path testbench,
      List<IntegerTensor> frames,
      VerifyOptions options) {
    this.model = Objects.requireNonNull(model);
    this.rtl = Objects.requireNonNull(rtl);
    this.testbench = Objects.requireNonNull(testbench);
    this.frames = List.copyOf(frames);
    this.options = Objects.requireNonNull(options);
  }

  /** What became of a mutant. */
  public enum Verdict {
    CAUGHT,
    SURVIVED,
    /** The judge itself failed: a bug in Etch. */
    CRASHED
  }

  /**
   * One mutant.
   *
   * @param byVerify what the verifier says
   * @param why its first words
   * @param byTestbench what the testbench says
   * @param equivalent whether it is proved that there is nothing to notice; only asked if one of
   *     them let it pass
   */
  public record Judged(
      Mutant mutant, Verdict byVerify, String why, Verdict byTestbench, boolean equivalent) {}

  /**
   * Judges mutants in a temporary folder.
   *
   * @param to told of each
   */
  public List<Judged> run(int count, long seed, Consumer<Judged> to) {
    List<Judged> all = new ArrayList<>();
    Path work = null;
    try {
      work = Files.createTempDirectory("etch-mutants-");
      Mutator mutator =
          new Mutator(rtl, model.design().name(), Files.createDirectory(work.resolve("yosys")));
      for (Mutant mutant : mutator.draw(count, seed)) {
        Judged judged = judge(mutator, mutant, work);
        all.add(judged);
        to.accept(judged);
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      delete(work);
    }
  }

  private Judged judge(Mutator mutator, Mutant mutant, Path work) throws IOException {
    Path folder = Files.createTempDirectory(work, "mutant-");
    try {
      Path altered = folder.resolve("rtl");
      mutator.write(mutant, altered);
      StringBuilder why = new StringBuilder();
      Verdict byVerify = verify(altered, folder, work.resolve("cache"), why);
      Verdict byTestbench = simulate(altered, folder);
      boolean open = byVerify == Verdict.SURVIVED || byTestbench == Verdict.SURVIVED;
      boolean equivalent = open && mutator.isProvedEquivalent(mutant, PROOF_SECONDS);
      return new Judged(mutant, byVerify, why.toString(), byTestbench, equivalent);
    } finally {
      delete(folder);
    }
  }

  private Verdict verify(Path altered, Path folder, Path cache, StringBuilder why) {
    VerifyOptions here = options.inFolders(folder.resolve("waves"), new SimulatorCache(cache));
    try {
      VerifyResult result =
          new Verifier(model, altered, here).verify(frames.size(), frames::get, (done, all) -> {});
      why.append(reason(result));
      return result.passed() ? Verdict.SURVIVED : Verdict.CAUGHT;
    } catch (ToolMissingException e) {
      throw e;
    } catch (RuntimeException e) {
      why.append(e);
      return Verdict.CRASHED;
    } finally {
      forgetSimulators(cache);
    }
  }

  private static String reason(VerifyResult result) {
    Optional<String> fault = result.fault().map(Fault::description);
    return fault
        .or(() -> result.divergence().map(Object::toString))
        .or(() -> result.firstMismatch().map(Object::toString))
        .orElse(result.passed() ? "" : "cycles " + result.measured());
  }

  private Verdict simulate(Path altered, Path folder) throws IOException {
    Path here = Files.createDirectory(folder.resolve("testbench"));
    try (Stream<Path> files = Files.list(testbench)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, here.resolve(file.getFileName()));
      }
    }
    try {
      ToolRunner.Outcome outcome =
          ToolRunner.run(here, TESTBENCH_SECONDS, List.of("sh", here.resolve("run.sh").toString()));
      return outcome.exitCode() == 0 ? Verdict.SURVIVED : Verdict.CAUGHT;
    } catch (SimulationException neverEnds) {
      return Verdict.CAUGHT;
    }
  }

  /** The library that all simulators share is kept. */
  private static void forgetSimulators(Path cache) {
    try (Stream<Path> builds = Files.list(cache)) {
      builds
          .filter(b -> b.getFileName().toString().startsWith("sim-"))
          .forEach(MutantCampaign::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    if (folder == null) {
      return;
    }
    try {
      SimulatorCache.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
