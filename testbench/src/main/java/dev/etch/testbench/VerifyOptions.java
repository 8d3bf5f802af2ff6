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

/**
 * How to verify.
 *
 * @param stalls of the host, while comparing; cycles are always measured without
 * @param jobs simulator processes at a time, at least 1; job j has seed {@code stalls.seed() + j}
 * @param predicted cycles by the cycle model, if known; also decides how hard the simulator is
 *     optimized
 * @param waveFolder where the waveform of a mismatch goes
 * @param keepOutputs whether the result carries all outputs
 * @param cache of built simulators
 * @param registers whether the registers, the interrupt and the resets are checked too, and what
 *     the register that tells designs apart should read
 * @param directed frames that are fed besides the caller's
 * @param explains whether a fault is replayed to name the unit and keep a waveform; if not, the
 *     first one ends the verification
 * @param weights that the host loads before the first frame, if any
 * @param other weights that are loaded and run, too, if any: so words are seen to come where they
 *     belong
 */
public record VerifyOptions(
    Stalls stalls,
    int jobs,
    Optional<Timing> predicted,
    Path waveFolder,
    boolean keepOutputs,
    SimulatorCache cache,
    OptionalInt registers,
    List<IntegerTensor> directed,
    boolean explains,
    Optional<WeightImage> weights,
    Optional<OtherWeights> other) {
  public VerifyOptions {
    Objects.requireNonNull(stalls);
    Objects.requireNonNull(predicted);
    Objects.requireNonNull(waveFolder);
    Objects.requireNonNull(cache);
    Objects.requireNonNull(registers);
    Objects.requireNonNull(weights);
    Objects.requireNonNull(other);
    directed = List.copyOf(directed);
    if (jobs < 1) {
      throw new IllegalArgumentException("at least one job");
    }
  }

  /** One job, no stalls, nothing predicted, the standard cache, nothing but the caller's frames. */
  public static VerifyOptions standard(Path waveFolder) {
    return new VerifyOptions(
        Stalls.NONE,
        1,
        Optional.empty(),
        waveFolder,
        false,
        SimulatorCache.standard(),
        OptionalInt.empty(),
        List.of(),
        true,
        Optional.empty(),
        Optional.empty());
  }

  /** With stalls. */
  public VerifyOptions withStalls(Stalls newStalls) {
    return new VerifyOptions(
        newStalls,
        jobs,
        predicted,
        waveFolder,
        keepOutputs,
        cache,
        registers,
        directed,
        explains,
        weights,
        other);
  }

  /** With so many processes. */
  public VerifyOptions withJobs(int newJobs) {
    return new VerifyOptions(
        stalls,
        newJobs,
        predicted,
        waveFolder,
        keepOutputs,
        cache,
        registers,
        directed,
        explains,
        weights,
        other);
  }

  /** With a prediction to compare with. */
  public VerifyOptions withPredicted(Timing timing) {
    return new VerifyOptions(
        stalls,
        jobs,
        Optional.of(timing),
        waveFolder,
        keepOutputs,
        cache,
        registers,
        directed,
        explains,
        weights,
        other);
  }

  /** With all outputs in the result. */
  public VerifyOptions keepingOutputs() {
    return new VerifyOptions(
        stalls,
        jobs,
        predicted,
        waveFolder,
        true,
        cache,
        registers,
        directed,
        explains,
        weights,
        other);
  }

  /** With the registers, the interrupt and the resets. */
  public VerifyOptions withRegisters(int designHash) {
    return new VerifyOptions(
        stalls,
        jobs,
        predicted,
        waveFolder,
        keepOutputs,
        cache,
        OptionalInt.of(designHash),
        directed,
        explains,
        weights,
        other);
  }

  /** With frames besides the caller's; they are also fed with stalls. */
  public VerifyOptions withDirected(List<IntegerTensor> frames) {
    return new VerifyOptions(
        stalls,
        jobs,
        predicted,
        waveFolder,
        keepOutputs,
        cache,
        registers,
        frames,
        explains,
        weights,
        other);
  }

  /** Without names of units and waveforms: only whether anything is wrong. */
  public VerifyOptions withoutExplanation() {
    return new VerifyOptions(
        stalls,
        jobs,
        predicted,
        waveFolder,
        keepOutputs,
        cache,
        registers,
        directed,
        false,
        weights,
        other);
  }

  /** With weights that the host loads; the model's reference has the same. */
  public VerifyOptions withWeights(WeightImage image) {
    return new VerifyOptions(
        stalls,
        jobs,
        predicted,
        waveFolder,
        keepOutputs,
        cache,
        registers,
        directed,
        explains,
        Optional.of(image),
        other);
  }

  /** With other weights, besides. */
  public VerifyOptions withOther(OtherWeights loaded) {
    return new VerifyOptions(
        stalls,
        jobs,
        predicted,
        waveFolder,
        keepOutputs,
        cache,
        registers,
        directed,
        explains,
        weights,
        Optional.of(loaded));
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
  }
}
