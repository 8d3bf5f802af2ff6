// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import dev.etch.lower.LoweredModel;
import dev.etch.tensor.IntegerTensor;
import dev.etch.testbench.Fault;
import dev.etch.testbench.SimulationException;
import dev.etch.testbench.SimulatorCache;
import dev.etch.testbench.Timing;
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
  private static final long TESTBENCH_SECONDS = 1800;
  private static final long LEAST_SECONDS = 30;

  /** How many times as long as with the right design the testbench may take. */
  private static final long PATIENCE = 6;

  private static final long PROOF_SECONDS = 360;

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
   * @param equivalent whether it is proved that there is nothing to notice; only asked if the
   *     verifier lets it pass, and then the testbench is not asked
   */
  public record Judged(
      Mutant mutant, Verdict byVerify, String why, Verdict byTestbench, boolean equivalent) {}

  /**
   * Judges mutants in a temporary folder.
   *
   * @param to told of each
   * @throws IllegalStateException if a judge refuses the right design
   */
  public List<Judged> run(int count, long seed, Consumer<Judged> to) {
    Path work = null;
    try {
      work = Files.createTempDirectory("etch-mutants-");
      Mutator mutator =
          new Mutator(rtl, model.design().name(), Files.createDirectory(work.resolve("yosys")));
      List<Mutant> mutants = mutator.draw(count, seed);
      Bench bench = new Bench(work);
      mutator.write(mutants, bench.rtl, bench.selection);
      bench.requireRightDesignPasses();
      EquivalenceProof proof = mutator.proof(ReachableRanges.of(model));
      bench.requireRangesHold(mutator);
      List<Judged> all = new ArrayList<>();
      for (int i = 0; i < mutants.size(); i++) {
        Judged judged = bench.judge(mutants.get(i), i + 1, proof);
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

  /** Both judges before a design whose active mutant a file selects. */
  private final class Bench {
    private final Path rtl;
    private final Path selection;
    private final Path simulation;
    private final VerifyOptions quick;
    private long testbenchSeconds = TESTBENCH_SECONDS;

    Bench(Path work) throws IOException {
      rtl = work.resolve("rtl");
      selection = work.resolve("selected.hex");
      simulation = Files.createDirectory(work.resolve("testbench"));
      try (Stream<Path> files = Files.list(testbench)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.copy(file, simulation.resolve(file.getFileName()));
        }
      }
      quick = options.withoutExplanation();
    }

    void requireRightDesignPasses() {
      Mutator.select(selection, 0);
      StringBuilder why = new StringBuilder();
      if (verify(rtl, why) != Verdict.SURVIVED) {
        throw new IllegalStateException("verify refuses the right design: " + why);
      }
      long start = System.nanoTime();
      ToolRunner.Outcome outcome =
          ToolRunner.run(
              simulation,
              TESTBENCH_SECONDS,
              List.of("sh", simulation.resolve("run.sh").toString()));
      if (outcome.exitCode() != 0) {
        throw new IllegalStateException(
            "the testbench refuses the right design: " + outcome.output());
      }
      long seconds = (System.nanoTime() - start) / 1_000_000_000;
      testbenchSeconds = Math.min(TESTBENCH_SECONDS, LEAST_SECONDS + PATIENCE * seconds);
    }

    /** What a proof leaves out would show in the design that the proof is about. */
    void requireRangesHold(Mutator mutator) {
      Path constrained = simulation.resolveSibling("constrained");
      mutator.writeConstrained(constrained);
      StringBuilder why = new StringBuilder();
      if (verify(constrained, why) != Verdict.SURVIVED) {
        throw new IllegalStateException("a value leaves the range that is proved: " + why);
      }
    }

    Judged judge(Mutant mutant, int number, EquivalenceProof proof) {
      Mutator.select(selection, number);
      StringBuilder why = new StringBuilder();
      Verdict byVerify = verify(rtl, why);
      boolean equivalent = byVerify == Verdict.SURVIVED && proof.holds(mutant, PROOF_SECONDS);
      Verdict byTestbench = equivalent ? Verdict.SURVIVED : simulate();
      return new Judged(mutant, byVerify, why.toString(), byTestbench, equivalent);
    }

    private Verdict verify(Path rtl, StringBuilder why) {
      try {
        VerifyResult result =
            new Verifier(model, rtl, quick).verify(frames.size(), frames::get, (done, all) -> {});
        why.append(reason(result));
        return result.passed() ? Verdict.SURVIVED : Verdict.CAUGHT;
      } catch (ToolMissingException e) {
        throw e;
      } catch (RuntimeException e) {
        why.append(e);
        return Verdict.CRASHED;
      }
    }

    /** What the testbench's script built for the right design says of another. */
    private Verdict simulate() {
      String built = "tb_" + model.design().name() + ".vvp";
      try {
        ToolRunner.Outcome outcome =
            ToolRunner.run(simulation, testbenchSeconds, List.of("vvp", "-n", built));
        boolean passes = outcome.output().lines().anyMatch(line -> line.startsWith("PASS"));
        return passes ? Verdict.SURVIVED : Verdict.CAUGHT;
      } catch (SimulationException neverEnds) {
        return Verdict.CAUGHT;
      }
    }
  }

  private static String reason(VerifyResult result) {
    Optional<String> fault = result.fault().map(Fault::description);
    return fault
        .or(() -> result.divergence().map(Object::toString))
        .or(() -> result.firstMismatch().map(Object::toString))
        .or(() -> result.measured().filter(any -> !result.passed()).map(MutantCampaign::time))
        .orElse("");
  }

  private static String time(Timing measured) {
    return "a frame takes %,d cycles, its latency is %,d"
        .formatted(measured.cyclesPerFrame(), measured.latencyCycles());
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
