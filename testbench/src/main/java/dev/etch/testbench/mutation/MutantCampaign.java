// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import dev.etch.lower.LoweredModel;
import dev.etch.tensor.IntegerTensor;
import dev.etch.testbench.Fault;
import dev.etch.testbench.SimulationException;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
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
      Mutant mutant, Verdict byVerify, String why, Verdict byTestbench, boolean equivalent) {
    Judged asEquivalent() {
      return new Judged(mutant, byVerify, why, byTestbench, true);
    }

    Judged withTestbench(Verdict verdict) {
      return new Judged(mutant, byVerify, why, verdict, equivalent);
    }
  }

  /**
   * Judges mutants in a temporary folder: the verifier one after the other; proofs and the
   * testbench, which are slow, several side by side.
   *
   * @param to told of each, in their order
   * @throws IllegalStateException if a judge refuses the right design
   */
  public List<Judged> run(int count, long seed, Consumer<Judged> to) {
    Path work = null;
    ExecutorService slowly =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      work = Files.createTempDirectory("etch-mutants-");
      Mutator mutator =
          new Mutator(rtl, model.design().name(), Files.createDirectory(work.resolve("yosys")));
      List<Mutant> mutants = mutator.draw(count, seed);
      MutantTestbench slow = new MutantTestbench(testbench, work.resolve("icarus"));
      slow.build(mutator, mutants, model.design().name());
      Bench bench = new Bench(work.resolve("verify"), work.resolve("selected.hex"));
      bench.build(mutator, mutants);
      EquivalenceProof proof = mutator.proof(ReachableRanges.of(model));
      bench.requireRangesHold(mutator, work.resolve("constrained"));
      Queue<Future<Judged>> open = new ArrayDeque<>();
      List<Judged> all = new ArrayList<>();
      for (int i = 0; i < mutants.size(); i++) {
        int number = i + 1;
        Judged first = bench.judge(mutants.get(i), number);
        open.add(slowly.submit(() -> second(first, number, proof, slow)));
        while (!open.isEmpty() && (open.peek().isDone() || number == mutants.size())) {
          all.add(await(open.remove()));
          to.accept(all.get(all.size() - 1));
        }
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      slowly.shutdownNow();
      delete(work);
    }
  }

  private static Judged second(
      Judged first, int number, EquivalenceProof proof, MutantTestbench testbench) {
    boolean passed = first.byVerify() == Verdict.SURVIVED;
    return passed && proof.holds(first.mutant(), PROOF_SECONDS)
        ? first.asEquivalent()
        : testbench.judge(first, number);
  }

  private static Judged await(Future<Judged> judged) {
    try {
      return judged.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a testbench could not be run", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SimulationException(
          SimulationException.Kind.PROCESS, "interrupted while simulating", e);
    }
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
      Mutator.select(selection, 0);
      StringBuilder why = new StringBuilder();
      if (verify(altered, why) != Verdict.SURVIVED) {
        throw new IllegalStateException("verify refuses the right design: " + why);
      }
    }

    /** What a proof leaves out would show in the design that the proof is about. */
    void requireRangesHold(Mutator mutator, Path constrained) {
      mutator.writeConstrained(constrained);
      StringBuilder why = new StringBuilder();
      if (verify(constrained, why) != Verdict.SURVIVED) {
        throw new IllegalStateException("a value leaves the range that is proved: " + why);
      }
    }

    /** Without a proof, and without the testbench's word, as if all passed it. */
    Judged judge(Mutant mutant, int number) {
      Mutator.select(selection, number);
      StringBuilder why = new StringBuilder();
      Verdict byVerify = verify(altered, why);
      return new Judged(mutant, byVerify, why.toString(), Verdict.SURVIVED, false);
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
