// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import dev.etch.lower.LoweredModel;
import dev.etch.tensor.IntegerTensor;
import dev.etch.testbench.Fault;
import dev.etch.testbench.FinishedJob;
import dev.etch.testbench.SimulatorCache;
import dev.etch.testbench.Timing;
import dev.etch.testbench.ToolMissingException;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Shows mutants of a design to both judges: {@link Verifier}, and the generated Verilog testbench
 * on Icarus Verilog.
 */
public final class MutantCampaign {
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

  /** What the verifier says, and its first words. */
  private record Verified(Verdict verdict, String why) {}

  /**
   * Judges mutants in a temporary folder: the verifier one after the other; proofs and the
   * testbench, which are slow, several side by side.
   *
   * @param to told of each when it is judged, by one thread at a time; a mutant that the testbench
   *     does not notice takes it long
   * @return all of them, in their order
   * @throws IllegalStateException if a judge refuses the right design
   */
  public List<Judged> run(int count, long seed, Consumer<Judged> to) {
    Path work = null;
    ExecutorService background =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      work = Files.createTempDirectory("etch-mutants-");
      Mutator mutator =
          new Mutator(rtl, model.design().name(), Files.createDirectory(work.resolve("yosys")));
      List<Mutant> mutants = mutator.draw(count, seed);
      MutantTestbench simulated = new MutantTestbench(testbench, work.resolve("icarus"));
      simulated.build(mutator, mutants, model.design().name());
      Bench bench = new Bench(work.resolve("verify"), work.resolve("selected.hex"));
      bench.build(mutator, mutants);
      EquivalenceProof proof = mutator.proof(ReachableRanges.of(model));
      bench.requireRangesHold(mutator, work.resolve("constrained"));
      List<Future<Judged>> all = new ArrayList<>();
      for (int i = 0; i < mutants.size(); i++) {
        int number = i + 1;
        Mutant mutant = mutants.get(i);
        Verified verified = bench.judge(number);
        all.add(
            background.submit(
                () -> {
                  Judged judged = judged(mutant, number, verified, proof, simulated);
                  synchronized (to) {
                    to.accept(judged);
                  }
                  return judged;
                }));
      }
      return all.stream().map(FinishedJob::result).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      background.shutdownNow();
      delete(work);
    }
  }

  /** Adds a proof, or the testbench's verdict. */
  private static Judged judged(
      Mutant mutant,
      int number,
      Verified verified,
      EquivalenceProof proof,
      MutantTestbench testbench) {
    boolean equivalent =
        verified.verdict() == Verdict.SURVIVED && proof.holds(mutant, PROOF_SECONDS);
    Verdict byTestbench = equivalent ? Verdict.SURVIVED : testbench.judge(number);
    return new Judged(mutant, verified.verdict(), verified.why(), byTestbench, equivalent);
  }

  /** The verifier before a design whose active mutant a file selects. */
  private final class Bench {
    private final Path altered;
    private final Path selection;
    private final VerifyOptions quick = options.withoutExplanation();

    Bench(Path altered, Path selection) {
      this.altered = altered;
      this.selection = selection;
    }

    void build(Mutator mutator, List<Mutant> mutants) {
      mutator.write(mutants, altered, selection.toAbsolutePath().toString());
      Verified right = judge(0);
      if (right.verdict() != Verdict.SURVIVED) {
        throw new IllegalStateException("verify refuses the right design: " + right.why());
      }
    }

    /** What a proof leaves out would show in the design that the proof is about. */
    void requireRangesHold(Mutator mutator, Path constrained) {
      mutator.writeConstrained(constrained);
      Verified right = verify(constrained);
      if (right.verdict() != Verdict.SURVIVED) {
        throw new IllegalStateException("a value leaves the range that is proved: " + right.why());
      }
    }

    /** The verdict on a mutant, or on the right design, which has number 0. */
    Verified judge(int number) {
      Mutator.select(selection, number);
      return verify(altered);
    }

    private Verified verify(Path rtl) {
      try {
        VerifyResult result =
            new Verifier(model, rtl, quick).verify(frames.size(), frames::get, (done, all) -> {});
        return new Verified(result.passed() ? Verdict.SURVIVED : Verdict.CAUGHT, reason(result));
      } catch (ToolMissingException e) {
        throw e;
      } catch (RuntimeException e) {
        return new Verified(Verdict.CRASHED, e.toString());
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

  static void delete(Path folder) {
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
