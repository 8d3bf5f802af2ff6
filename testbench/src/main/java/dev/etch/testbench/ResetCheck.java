// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.Design;
import dev.etch.lower.LoweredModel;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.IntegerTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Resets an accelerator in the middle of a frame, while earlier frames may still be inside, and
 * checks that what came out before was right and that everything fed afterwards comes out right.
 */
public final class ResetCheck {
  private static final long FLUSH_CYCLES = 20_000_000L;

  private final AcceleratorPorts ports;
  private final Interpreter reference;
  private final Design design;
  private final Path simulator;
  private final Stalls stalls;

  /**
   * Builds the simulator.
   *
   * @param cycles that will be simulated, about
   */
  public ResetCheck(
      LoweredModel model, Path rtl, Stalls stalls, SimulatorCache cache, long cycles) {
    this.ports = AcceleratorPorts.of(model);
    this.reference = new Interpreter(model.model().accelerator());
    this.design = model.design();
    this.stalls = Objects.requireNonNull(stalls);
    Optimization level = Optimization.forWork(cycles, VerilatorBuild.verilogBytes(rtl));
    this.simulator =
        new VerilatorBuild(cache)
            .build(new VerilatorBuild.Request(rtl, model.design().name(), level, false));
  }

  /** How the core is reset. */
  public enum Kind {
    /** By the aresetn pin. */
    PIN,
    /** By the control register. */
    REGISTER
  }

  /**
   * Feeds frames 0 to {@code frame - 1} whole and {@code beats} beats of the next, resets, and
   * feeds from that frame on again.
   *
   * @param beats of the interrupted frame, at least 1 and less than a frame has
   * @return elements that differ from the reference, before or after the reset
   */
  public long mismatches(List<IntegerTensor> frames, int frame, int beats, Kind kind) {
    int beatBytes = ports.inputLayout().beatBytes();
    byte[] interrupted = Arrays.copyOf(ports.pack(frames.get(frame)), beats * beatBytes);
    try (SimulatedAccelerator accelerator = SimulatedAccelerator.start(simulator, design)) {
      accelerator.restart(SimulatedAccelerator.RESET_CYCLES);
      accelerator.stalls(stalls);
      frames.subList(0, frame).forEach(f -> accelerator.send(ports.pack(f), true));
      accelerator.send(interrupted, false);
      if (!accelerator.flush(FLUSH_CYCLES)) {
        throw new SimulationException(
            SimulationException.Kind.DEADLOCK, "the input of " + frame + " frames was not taken");
      }
      long before =
          prefixMismatches(
              frames,
              accelerator.receive(Collections.nCopies(ports.outputs().size(), Long.MAX_VALUE), 0));
      if (kind == Kind.PIN) {
        accelerator.restart(SimulatedAccelerator.RESET_CYCLES);
      } else {
        accelerator.softReset();
      }
      List<IntegerTensor> rest = frames.subList(frame, frames.size());
      List<FrameResult> results =
          accelerator.runFrames(
              rest.stream().map(ports::pack).toList(), ports.outputBeats(), Limits.DEFAULT);
      Comparison after = new Comparison(ports);
      for (int i = 0; i < rest.size(); i++) {
        after.compare(i, expected(rest.get(i)), ports.unpack(results.get(i).outputs()));
      }
      return before + after.mismatches();
    }
  }

  private long prefixMismatches(
      List<IntegerTensor> frames, List<SimulatedAccelerator.Received> got) {
    long mismatches = 0;
    for (int output = 0; output < got.size(); output++) {
      mismatches += prefixMismatches(frames, output, got.get(output).beats());
    }
    return mismatches;
  }

  private long prefixMismatches(List<IntegerTensor> frames, int output, byte[] beats) {
    long mismatches = 0;
    AcceleratorPorts.Output port = ports.outputs().get(output);
    int frameBytes = port.layout().frameBytes();
    List<byte[]> expected = new ArrayList<>();
    for (int at = 0; at < beats.length; at++) {
      int frame = at / frameBytes;
      if (frame == expected.size()) {
        expected.add(port.pack(expected(frames.get(frame)).get(output)));
      }
      mismatches += expected.get(frame)[at % frameBytes] == beats[at] ? 0 : 1;
    }
    return mismatches;
  }

  private List<IntegerTensor> expected(IntegerTensor frame) {
    return reference.run(List.of(frame)).stream().map(IntegerTensor.class::cast).toList();
  }
}
