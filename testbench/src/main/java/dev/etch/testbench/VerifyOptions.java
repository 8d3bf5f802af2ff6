// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.WeightImage;
import dev.etch.lower.LoweredModel;
import dev.etch.tensor.IntegerTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** How to verify. Never changes: what changes an option gives a copy. */
public final class VerifyOptions {
  private final Path waveFolder;
  private final SimulatorCache cache = SimulatorCache.standard();
  private Stalls stalls = Stalls.NONE;
  private int jobs = 1;
  private Optional<Timing> predicted = Optional.empty();
  private boolean keepOutputs;
  private OptionalInt registers = OptionalInt.empty();
  private List<IntegerTensor> directed = List.of();
  private boolean explains = true;
  private Optional<WeightImage> weights = Optional.empty();
  private Optional<OtherWeights> other = Optional.empty();

  private VerifyOptions(Path waveFolder) {
    this.waveFolder = Objects.requireNonNull(waveFolder);
  }

  /** One job, no stalls, nothing predicted, the standard cache, nothing but the caller's frames. */
  public static VerifyOptions standard(Path waveFolder) {
    return new VerifyOptions(waveFolder);
  }

  private VerifyOptions with(Consumer<VerifyOptions> change) {
    VerifyOptions copy = new VerifyOptions(waveFolder);
    copy.stalls = stalls;
    copy.jobs = jobs;
    copy.predicted = predicted;
    copy.keepOutputs = keepOutputs;
    copy.registers = registers;
    copy.directed = directed;
    copy.explains = explains;
    copy.weights = weights;
    copy.other = other;
    change.accept(copy);
    return copy;
  }

  /** With stalls. */
  public VerifyOptions withStalls(Stalls newStalls) {
    Objects.requireNonNull(newStalls);
    return with(copy -> copy.stalls = newStalls);
  }

  /** With so many processes, at least one. */
  public VerifyOptions withJobs(int newJobs) {
    if (newJobs < 1) {
      throw new IllegalArgumentException("at least one job");
    }
    return with(copy -> copy.jobs = newJobs);
  }

  /** With a prediction to compare with. */
  public VerifyOptions withPredicted(Timing timing) {
    return with(copy -> copy.predicted = Optional.of(timing));
  }

  /** With all outputs in the result. */
  public VerifyOptions keepingOutputs() {
    return with(copy -> copy.keepOutputs = true);
  }

  /** With the registers, the interrupt and the resets. */
  public VerifyOptions withRegisters(int designHash) {
    return with(copy -> copy.registers = OptionalInt.of(designHash));
  }

  /** With frames besides the caller's; they are also fed with stalls. */
  public VerifyOptions withDirected(List<IntegerTensor> frames) {
    return with(copy -> copy.directed = List.copyOf(frames));
  }

  /** Without names of units and waveforms: only whether anything is wrong. */
  public VerifyOptions withoutExplanation() {
    return with(copy -> copy.explains = false);
  }

  /** With weights that the host loads; the model's reference has the same. */
  public VerifyOptions withWeights(WeightImage image) {
    return with(copy -> copy.weights = Optional.of(image));
  }

  /** With other weights, besides. */
  public VerifyOptions withOther(OtherWeights loaded) {
    return with(copy -> copy.other = Optional.of(loaded));
  }

  /** How the host stalls while comparing; cycles are always measured without. */
  public Stalls stalls() {
    return stalls;
  }

  /** Simulator processes at a time; job j has seed {@code stalls.seed() + j}. */
  public int jobs() {
    return jobs;
  }

  /** Cycles by the cycle model, if known; also decides how hard the simulator is optimized. */
  public Optional<Timing> predicted() {
    return predicted;
  }

  /** Where the waveform of a mismatch goes. */
  public Path waveFolder() {
    return waveFolder;
  }

  /** Whether the result carries all outputs. */
  public boolean keepOutputs() {
    return keepOutputs;
  }

  /** Of built simulators. */
  public SimulatorCache cache() {
    return cache;
  }

  /**
   * Whether the registers, the interrupt and the resets are checked too, and what the register that
   * tells designs apart should read.
   */
  public OptionalInt registers() {
    return registers;
  }

  /** Frames that are fed besides the caller's. */
  public List<IntegerTensor> directed() {
    return directed;
  }

  /**
   * Whether a fault is replayed to name the unit and keep a waveform; if not, the first one ends
   * the verification.
   */
  public boolean explains() {
    return explains;
  }

  /** Weights that the host loads before the first frame, if any. */
  public Optional<WeightImage> weights() {
    return weights;
  }

  /** Weights that are loaded and run, too, if any: so words are seen to come where they belong. */
  public Optional<OtherWeights> other() {
    return other;
  }

  /**
   * Weights of another training of the network.
   *
   * @param model with these weights; its hardware is the same
   * @param image of them
   */
  public record OtherWeights(LoweredModel model, WeightImage image) {
    public OtherWeights {
      Objects.requireNonNull(model);
      Objects.requireNonNull(image);
    }
  }

  /**
   * Resets a simulator, loads the weights, and lets it run.
   *
   * @throws SimulationException if the design refuses the weights
   */
  void start(SimulatedAccelerator accelerator) {
    accelerator.restart(SimulatedAccelerator.RESET_CYCLES);
    if (weights.isPresent() && !new WeightLoader(accelerator).load(weights.get())) {
      throw new SimulationException(
          SimulationException.Kind.REGISTER, "the design refuses the weights that are loaded");
    }
    if (weights.isPresent() && accelerator.memory().isAttached()) {
      // As if the words that belong to these weights were the first that it reads.
      accelerator.restart(SimulatedAccelerator.RESET_CYCLES);
    }
  }
}
