// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.graph.Value;
import dev.etch.lower.LoweredModel;
import dev.etch.reference.Interpreter;
import dev.etch.schedule.Counting;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A design's Verilog beside what it has to equal: the model, and how it is verified. */
final class VerifiedDesign {
  private final LoweredModel model;
  private final Path rtl;
  private final VerifyOptions options;
  private final AcceleratorPorts ports;
  private final Interpreter reference;

  VerifiedDesign(LoweredModel model, Path rtl, VerifyOptions options) {
    this.model = Objects.requireNonNull(model);
    this.rtl = Objects.requireNonNull(rtl);
    this.options = Objects.requireNonNull(options);
    this.ports = AcceleratorPorts.of(model);
    this.reference = new Interpreter(model.model().accelerator());
  }

  LoweredModel model() {
    return model;
  }

  VerifyOptions options() {
    return options;
  }

  AcceleratorPorts ports() {
    return ports;
  }

  /** The outputs for a frame. */
  List<IntegerTensor> expected(IntegerTensor frame) {
    return reference.run(List.of(frame)).stream().map(IntegerTensor.class::cast).toList();
  }

  /** The outputs for a frame; what the queues take is added to the digests. */
  List<IntegerTensor> expected(IntegerTensor frame, QueueDigests digests) {
    Map<Value, Tensor> values = reference.runAll(List.of(frame));
    digests.add(values);
    return reference.graph().outputs().stream()
        .map(output -> (IntegerTensor) values.get(output))
        .toList();
  }

  /** The same Verilog with other weights. */
  VerifiedDesign with(VerifyOptions.OtherWeights other) {
    return new VerifiedDesign(other.model(), rtl, options.withWeights(other.image()));
  }

  /** Finds where the Verilog and the reference part. */
  DivergenceFinder finder() {
    return new DivergenceFinder(model, rtl, options, limits(options.stalls()));
  }

  /** Bytes of all Verilog. */
  long verilogBytes() {
    return VerilatorBuild.verilogBytes(rtl);
  }

  /** The simulator, as fast as so many frames are worth. */
  Path build(int count) {
    long perFrame = options.predicted().map(Timing::cyclesPerFrame).orElse((long) reachOfFrame());
    long cycles = perFrame * (count / options.jobs() + counting().frames() + 1);
    Optimization level = Optimization.forWork(cycles, verilogBytes());
    return new VerilatorBuild(options.cache())
        .build(new VerilatorBuild.Request(rtl, model.design().name(), level, false));
  }

  /** How cycles are counted. */
  Counting counting() {
    return options.predicted().map(Timing::counting).orElse(Counting.STANDARD);
  }

  /** Cycles that a frame takes at the least: its beats on the way in. */
  private int reachOfFrame() {
    return ports.inputLayout().beatsPerFrame()
        + ports.outputBeats().stream().mapToInt(beats -> beats).sum();
  }

  /** How long to wait. */
  Limits limits(Stalls stalls) {
    long slowest =
        model.design().depths().keySet().stream().mapToLong(s -> s.beatsPerFrame()).max().orElse(1);
    long frame =
        Math.max(options.predicted().map(Timing::latencyCycles).orElse(1_000_000L), slowest);
    return Limits.forFrameCycles(frame, stalls);
  }

  /** A simulator that is out of reset, has the weights that are to be loaded, and runs. */
  SimulatedAccelerator started(Path simulator) {
    SimulatedAccelerator accelerator = SimulatedAccelerator.start(simulator, model.design());
    try {
      options.start(accelerator);
      return accelerator;
    } catch (SimulationException e) {
      accelerator.close();
      throw e;
    }
  }

  /** After the last frame, nothing comes for as long as a frame takes. */
  static void nothingMore(SimulatedAccelerator accelerator, long cycles) {
    if (accelerator.comes(cycles)) {
      throw new SimulationException(
          SimulationException.Kind.PROTOCOL,
          "a beat comes after the last beat of the last frame, in cycle "
              + accelerator.status().cycle());
    }
  }
}
