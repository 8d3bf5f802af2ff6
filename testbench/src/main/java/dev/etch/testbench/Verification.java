// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.Design;
import dev.etch.hardware.LoadMap;
import dev.etch.hardware.OutputPort;
import dev.etch.hardware.Stream;
import dev.etch.hardware.WeightImage;
import dev.etch.hardware.verilog.LoadableVerilog;
import dev.etch.tensor.IntegerTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/** What one verification does in turn, until the first fault. */
final class Verification {
  /** How often the host stalls a side when it feeds the frames that were made on purpose. */
  private static final double DIRECTED_STALL = 0.4;

  private static final int DIRECTED_SEED = 77;

  /** How often the design's own queues are stalled when these frames are fed for the third time. */
  private static final double INSIDE_STALL = 0.3;

  /** Frames of a replay of the measurement of cycles. */
  private static final int LONG_REPLAY = 3;

  /**
   * Frames whose beats' cycles are compared: units fill, take turns, and empty. As many more as
   * take so many cycles are fed to a design that is starved.
   */
  private static final int TIMED = 4;

  private static final int MOST_TIMED = 64;
  private static final long TIMED_CYCLES = 100_000;

  /** Frames that are fed with other weights, at most. */
  private static final int MOST_OF_OTHER = 100;

  /** Operands that each arithmetic pipeline is given on its own, at most and at least. */
  private static final int MOST_SWEPT = 20_000;

  private static final int LEAST_SWEPT = 2000;

  /** Cycles of a sweep times bytes of the Verilog, which stand for the work of a cycle. */
  private static final double SWEEP_WORK = 2e10;

  private static final Optional<Path> NONE = Optional.empty();

  private final VerifiedDesign design;
  private final VerifyOptions options;
  private final int own;
  private final int total;
  private final IntFunction<IntegerTensor> frames;
  private final FrameRun main;
  private final List<FrameRun> runs = new ArrayList<>();
  private Optional<Fault> fault = Optional.empty();
  private Optional<Divergence> divergence = Optional.empty();
  private Optional<Timing> measured = Optional.empty();
  private double seconds;

  /**
   * Prepares.
   *
   * @param own frames of the caller; those that were made on purpose follow them
   * @param total all frames
   */
  Verification(
      VerifiedDesign design,
      int own,
      int total,
      IntFunction<IntegerTensor> frames,
      Verifier.Progress progress) {
    this.design = design;
    this.options = design.options();
    this.own = own;
    this.total = total;
    this.frames = frames;
    this.main = new FrameRun(design, 0, total, frames, options.stalls(), false, progress);
  }

  void run() {
    Path simulator;
    try {
      simulator = design.build(total);
    } catch (SimulationException e) {
      fault = Optional.of(new Fault("the Verilog does not build: " + e.getMessage(), NONE));
      return;
    }
    long start = System.nanoTime();
    try {
      inTurn(simulator);
    } finally {
      seconds = (System.nanoTime() - start) / 1e9;
    }
  }

  private void inTurn(Path simulator) {
    measure(simulator);
    if (!options.explains() && hasWrongCycles()) {
      return;
    }
    compare(simulator, main);
    if (clean()) {
      options.predicted().ifPresent(timing -> times(simulator, timing.cyclesPerFrame()));
    }
    if (!options.directed().isEmpty()) {
      slowHosts().forEach(stalls -> compareDirected(simulator, stalls));
    }
    if (clean()) {
      sweep(simulator);
    }
    options.other().ifPresent(other -> compare(simulator, other));
    if (options.registers().isPresent() && clean()) {
      registers(simulator, options.registers().getAsInt());
    }
  }

  /**
   * How the host stalls while the frames made on purpose are fed: now and then; the queues inside
   * too; a source that starves the design; a sink that takes half of what an output gives, so that
   * queues fill up; and both in turn, for up to two frames' time.
   */
  private List<Stalls> slowHosts() {
    Stalls busy = Stalls.both(DIRECTED_STALL, seed());
    List<Stalls> all = new ArrayList<>(List.of(busy, busy.withInside(INSIDE_STALL)));
    options
        .predicted()
        .map(Timing::cyclesPerFrame)
        .ifPresent(
            cycles -> {
              all.add(starving(cycles));
              all.addAll(slowOutputs(cycles));
              all.add(bursts(cycles));
            });
    return all;
  }

  /** For each output a sink that takes half of what it gives, while others take all. */
  private List<Stalls> slowOutputs(long cyclesPerFrame) {
    List<OutputPort> outputs = design.model().design().outputs();
    List<Stalls> each = new ArrayList<>();
    for (int output = 0; output < outputs.size(); output++) {
      double sink = half(cyclesPerFrame, outputs.get(output).stream());
      Stalls slow = new Stalls(0, sink, 0, 1, seed());
      each.add(outputs.size() == 1 ? slow : slow.onlyOf(output));
    }
    return each;
  }

  private Stalls bursts(long cyclesPerFrame) {
    return Stalls.bursts(2 * cyclesPerFrame, seed());
  }

  private long seed() {
    return options.stalls().seed() + DIRECTED_SEED;
  }

  /** A source that gives half of what the design could take, so that units wait for each beat. */
  private Stalls starving(long cyclesPerFrame) {
    double source = half(cyclesPerFrame, design.model().design().input());
    return new Stalls(source, 0, 0, 1, seed());
  }

  /** The probability of a stall at which a frame's beats take twice its cycles. */
  private static double half(long cyclesPerFrame, Stream stream) {
    return Math.max(0, 1 - stream.beatsPerFrame() / (2.0 * cyclesPerFrame));
  }

  private void compareDirected(Path simulator, Stalls stalls) {
    if (clean()) {
      compare(simulator, new FrameRun(design, own, total, frames, stalls, true, (done, of) -> {}));
    }
  }

  /**
   * Compares when beats are taken, with a host that never stalls, with one that starves the design,
   * with one that rests for long, with one that is slow at one of several outputs, and with a sink
   * that waits until everything is full.
   */
  private void times(Path simulator, long cyclesPerFrame) {
    times(simulator, TIMED, Stalls.NONE);
    int count = (int) Math.max(TIMED, Math.min(MOST_TIMED, TIMED_CYCLES / cyclesPerFrame));
    List<Stalls> hosts = new ArrayList<>(List.of(starving(cyclesPerFrame), bursts(cyclesPerFrame)));
    if (design.ports().outputs().size() > 1) {
      hosts.addAll(slowOutputs(cyclesPerFrame));
    }
    for (Stalls stalls : hosts) {
      if (clean()) {
        times(simulator, count, stalls);
      }
    }
    if (clean()) {
      blocked(simulator, count);
    }
  }

  private void times(Path simulator, int count, Stalls stalls) {
    check(
        new Replayed(0, count - 1, this::ofAll, stalls),
        check -> check.run(simulator, this::ofAll, count, stalls));
  }

  private void blocked(Path simulator, int count) {
    check(
        new Replayed(0, count - 1, this::ofAll, Stalls.NONE),
        check -> check.runBlocked(simulator, this::ofAll, count));
  }

  private void check(
      Replayed replayed, Function<QueueTimesCheck, Optional<QueueTimesCheck.Late>> run) {
    try {
      run.apply(new QueueTimesCheck(design))
          .ifPresent(
              late -> fault = Optional.of(new Fault(late.description(), wave(late, replayed))));
    } catch (SimulationException e) {
      explain(e, replayed);
    }
  }

  /** The frames made on purpose, or some of the caller's, with other weights. */
  private void compare(Path simulator, VerifyOptions.OtherWeights other) {
    if (!clean()) {
      return;
    }
    VerifiedDesign loaded = design.with(other);
    int first = own < total ? own : 0;
    int last = Math.min(total, first + MOST_OF_OTHER);
    compare(
        simulator, new FrameRun(loaded, first, last, frames, Stalls.NONE, true, (done, of) -> {}));
  }

  private IntegerTensor ofAll(int frame) {
    return frames.apply(frame % total);
  }

  private Optional<Path> wave(QueueTimesCheck.Late late, Replayed replayed) {
    return options.explains() ? design.finder().waveform(replayed, late.cycle()) : NONE;
  }

  private boolean hasWrongCycles() {
    return measured.isPresent()
        && options.predicted().isPresent()
        && !measured.equals(options.predicted());
  }

  private boolean clean() {
    return fault.isEmpty() && runs.stream().allMatch(r -> r.comparison().mismatches() == 0);
  }

  private void measure(Path simulator) {
    try {
      measured = Optional.of(new CycleMeasurement(design).measure(simulator, frames.apply(0)));
    } catch (SimulationException e) {
      explain(e, new Replayed(0, LONG_REPLAY, i -> frames.apply(0), Stalls.NONE));
    }
  }

  private void compare(Path simulator, FrameRun run) {
    if (fault.isPresent()) {
      return;
    }
    runs.add(run);
    try {
      run.execute(simulator);
    } catch (SimulationException e) {
      explain(e, run.suspect(simulator), run.finder());
      return;
    }
    if (options.explains()) {
      run.comparison()
          .first()
          .ifPresent(m -> divergence = run.finder().find(run.replayed(m.frame()), false).place());
    }
  }

  /** Names the unit and keeps a waveform, as far as a replay shows it. */
  private void explain(SimulationException e, Replayed replayed) {
    explain(e, replayed, design.finder());
  }

  private void explain(SimulationException e, Replayed replayed, DivergenceFinder finder) {
    if (!options.explains()) {
      fault = Optional.of(new Fault(e.getMessage(), NONE));
      return;
    }
    DivergenceFinder.Finding finding = finder.find(replayed, true);
    divergence = finding.place();
    fault = Optional.of(new Fault(e.getMessage(), finding.waveform()));
  }

  /** Gives each arithmetic pipeline operands that no frame may reach. */
  private void sweep(Path simulator) {
    double operands = SWEEP_WORK / design.verilogBytes();
    ArithmeticSweep sweep =
        ArithmeticSweep.of(
            design.model(), (int) Math.max(LEAST_SWEPT, Math.min(MOST_SWEPT, operands)));
    try (SimulatedAccelerator accelerator = design.started(simulator)) {
      sweep
          .onlyOf(accelerator.probe().arithmeticRegisters())
          .run(accelerator)
          .ifPresent(wrong -> fault = Optional.of(new Fault(wrong, NONE)));
    } catch (SimulationException e) {
      fault = Optional.of(new Fault(e.getMessage(), NONE));
    }
  }

  /**
   * Those that are loaded, or if none are, the design's own: how they are loaded is checked, too.
   */
  private Optional<WeightImage> weights(int designHash) {
    Design built = design.model().design();
    return options
        .weights()
        .or(
            () ->
                LoadMap.of(built).isEmpty()
                    ? Optional.empty()
                    : Optional.of(LoadableVerilog.of(built, designHash).image()));
  }

  private void registers(Path simulator, int designHash) {
    // Those that were made on purpose differ most, so that nothing is overwritten by its like.
    IntFunction<IntegerTensor> some = i -> frames.apply((own + i) % total);
    RegisterCheck check =
        new RegisterCheck(
            design.model().design(),
            designHash,
            i -> design.ports().pack(some.apply(i)),
            i -> design.ports().packOutputs(design.expected(some.apply(i))),
            design.limits(Stalls.NONE),
            weights(designHash));
    long cycle = -1;
    try (SimulatedAccelerator accelerator =
        SimulatedAccelerator.start(simulator, design.model().design())) {
      try {
        check.run(accelerator);
      } catch (SimulationException e) {
        cycle = accelerator.cycleOrNone();
        throw e;
      }
    } catch (SimulationException e) {
      Optional<Path> waveform = options.explains() ? design.finder().waveform(check, cycle) : NONE;
      fault = Optional.of(new Fault(e.getMessage(), waveform));
    }
  }

  VerifyResult result() {
    long compared = runs.stream().mapToLong(r -> r.comparison().compared()).sum();
    long mismatches = runs.stream().mapToLong(r -> r.comparison().mismatches()).sum();
    return new VerifyResult(
        own,
        total - own,
        compared,
        mismatches,
        runs.stream().flatMap(r -> r.comparison().first().stream()).findFirst(),
        divergence,
        fault,
        measured,
        options.predicted(),
        options.keepOutputs() && fault.isEmpty() ? main.outputs(own) : List.of(),
        runs.stream().mapToLong(r -> r.cycles()).sum(),
        seconds);
  }
}
