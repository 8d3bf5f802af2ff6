// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.graph.Value;
import dev.etch.lower.LoweredModel;
import dev.etch.reference.Interpreter;
import dev.etch.schedule.Counting;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Simulates the Verilog of a lowered model and compares every output bit with the reference, and
 * the cycles with the prediction; if asked for, registers, interrupt and resets too. Frames are
 * dealt to several simulator processes in contiguous runs; each feeds its run back to back.
 */
public final class Verifier {
  /** Frames that a unit can hold at most: two in its window buffer, one in its queues. */
  private static final int FRAMES_IN_A_UNIT = 3;

  static final int RESET_CYCLES = 4;

  /** How often the host stalls a side when it feeds the frames that were made on purpose. */
  private static final double DIRECTED_STALL = 0.4;

  private static final int DIRECTED_SEED = 77;

  /** How often the design's own queues are stalled when these frames are fed for the third time. */
  private static final double INSIDE_STALL = 0.3;

  /** Frames of a replay of the measurement of cycles. */
  private static final int LONG_REPLAY = 3;

  private static final long DRAIN_CYCLES = 2000;

  /** Operands that each arithmetic pipeline is given on its own, at most and at least. */
  private static final int MOST_SWEPT = 20_000;

  private static final int LEAST_SWEPT = 2000;

  /** Cycles of a sweep times bytes of the Verilog, which stand for the work of a cycle. */
  private static final double SWEEP_WORK = 2e10;

  private static final Optional<Path> NONE = Optional.empty();

  private final LoweredModel model;
  private final Path rtl;
  private final VerifyOptions options;
  private final AcceleratorPorts ports;
  private final Interpreter reference;

  /** Prepares to verify the {@code .v} files in a folder. */
  public Verifier(LoweredModel model, Path rtl, VerifyOptions options) {
    this.model = Objects.requireNonNull(model);
    this.rtl = Objects.requireNonNull(rtl);
    this.options = Objects.requireNonNull(options);
    this.ports = AcceleratorPorts.of(model);
    this.reference = new Interpreter(model.model().accelerator());
  }

  /** Told how many frames are done; from any thread, one at a time. */
  public interface Progress {
    /** {@code done} of {@code total} frames are compared. */
    void frames(int done, int total);
  }

  /**
   * Verifies. Whatever is wrong with the Verilog is in the result.
   *
   * @param count frames, at least 1
   * @param frames the accelerator's input for frame i; called from several threads
   * @throws ToolMissingException if Verilator or g++ is not installed
   */
  public VerifyResult verify(int count, IntFunction<IntegerTensor> frames, Progress progress) {
    if (count < 1) {
      throw new IllegalArgumentException("at least one frame");
    }
    IntFunction<IntegerTensor> all =
        i -> i < count ? frames.apply(i) : options.directed().get(i - count);
    Verification verification =
        new Verification(count, count + options.directed().size(), all, progress);
    verification.run();
    return verification.result();
  }

  /** One call: what is done in turn, until the first fault. */
  private final class Verification {
    private final int own;
    private final int total;
    private final IntFunction<IntegerTensor> frames;
    private final Run main;
    private final List<Run> runs = new ArrayList<>();
    private Optional<Fault> fault = Optional.empty();
    private Optional<Divergence> divergence = Optional.empty();
    private Optional<Timing> measured = Optional.empty();
    private double seconds;

    Verification(int own, int total, IntFunction<IntegerTensor> frames, Progress progress) {
      this.own = own;
      this.total = total;
      this.frames = frames;
      this.main = new Run(0, total, frames, options.stalls(), false, progress);
    }

    void run() {
      Path simulator;
      try {
        simulator = build(total);
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
      if (!options.directed().isEmpty() && clean()) {
        Stalls busy = Stalls.both(DIRECTED_STALL, options.stalls().seed() + DIRECTED_SEED);
        compare(simulator, new Run(own, total, frames, busy, true, (done, of) -> {}));
        Stalls inside = busy.withInside(INSIDE_STALL);
        compare(simulator, new Run(own, total, frames, inside, true, (done, of) -> {}));
      }
      if (clean()) {
        sweep(simulator);
      }
      if (options.registers().isPresent() && clean()) {
        registers(simulator, options.registers().getAsInt());
      }
    }

    private boolean hasWrongCycles() {
      return measured.isPresent()
          && options.predicted().isPresent()
          && !measured.equals(options.predicted());
    }

    private boolean clean() {
      return fault.isEmpty() && runs.stream().allMatch(r -> r.comparison.mismatches() == 0);
    }

    private void measure(Path simulator) {
      try {
        measured = Optional.of(Verifier.this.measure(simulator, frames.apply(0)));
      } catch (SimulationException e) {
        explain(e, new Replayed(0, LONG_REPLAY, i -> frames.apply(0), Stalls.NONE));
      }
    }

    private void compare(Path simulator, Run run) {
      if (fault.isPresent()) {
        return;
      }
      runs.add(run);
      try {
        run.execute(simulator);
      } catch (SimulationException e) {
        explain(e, suspect(simulator, run));
        return;
      }
      if (options.explains()) {
        run.comparison
            .first()
            .ifPresent(m -> divergence = finder().find(run.replayed(m.frame()), false).place());
      }
    }

    /**
     * The frame that did not come out; or, if all are right but not within, the first that is not.
     */
    private Replayed suspect(Path simulator, Run run) {
      int first = run.firstIncomplete();
      int job = run.jobOf(first);
      if (!options.explains() || !run.differsWithin.get(job)) {
        return run.replayed(first);
      }
      int low = first;
      int high = run.begin(job + 1) - 1;
      while (low < high) {
        int middle = (low + high) / 2;
        if (passes(
            simulator, new Run(first, middle + 1, frames, run.stalls, true, (i, of) -> {}))) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return run.replayed(low);
    }

    private boolean passes(Path simulator, Run run) {
      try {
        run.execute(simulator);
        return run.comparison.mismatches() == 0;
      } catch (SimulationException e) {
        return false;
      }
    }

    /** Names the unit and keeps a waveform, as far as a replay shows it. */
    private void explain(SimulationException e, Replayed replayed) {
      if (!options.explains()) {
        fault = Optional.of(new Fault(e.getMessage(), NONE));
        return;
      }
      DivergenceFinder.Finding finding = finder().find(replayed, true);
      divergence = finding.place();
      fault = Optional.of(new Fault(e.getMessage(), finding.waveform()));
    }

    /** Gives each arithmetic pipeline operands that no frame may reach. */
    private void sweep(Path simulator) {
      double operands = SWEEP_WORK / VerilatorBuild.verilogBytes(rtl);
      ArithmeticSweep sweep =
          ArithmeticSweep.of(model, (int) Math.max(LEAST_SWEPT, Math.min(MOST_SWEPT, operands)));
      try (SimulatedAccelerator accelerator = started(simulator)) {
        sweep
            .onlyOf(accelerator.arithmeticRegisters())
            .run(accelerator)
            .ifPresent(wrong -> fault = Optional.of(new Fault(wrong, NONE)));
      } catch (SimulationException e) {
        fault = Optional.of(new Fault(e.getMessage(), NONE));
      }
    }

    private void registers(Path simulator, int designHash) {
      // Those that were made on purpose differ most, so that nothing is overwritten by its like.
      IntFunction<IntegerTensor> some = i -> frames.apply((own + i) % total);
      RegisterCheck check =
          new RegisterCheck(
              model.design(),
              designHash,
              i -> ports.pack(some.apply(i)),
              i -> ports.packOutput(expected(some.apply(i))),
              limits(Stalls.NONE));
      long cycle = -1;
      try (SimulatedAccelerator accelerator = SimulatedAccelerator.start(simulator)) {
        try {
          check.run(accelerator);
        } catch (SimulationException e) {
          cycle = accelerator.cycleOrNone();
          throw e;
        }
      } catch (SimulationException e) {
        Optional<Path> waveform = options.explains() ? finder().waveform(check, cycle) : NONE;
        fault = Optional.of(new Fault(e.getMessage(), waveform));
      }
    }

    VerifyResult result() {
      long compared = runs.stream().mapToLong(r -> r.comparison.compared()).sum();
      long mismatches = runs.stream().mapToLong(r -> r.comparison.mismatches()).sum();
      return new VerifyResult(
          own,
          total - own,
          compared,
          mismatches,
          runs.stream().flatMap(r -> r.comparison.first().stream()).findFirst(),
          divergence,
          fault,
          measured,
          options.predicted(),
          options.keepOutputs() && fault.isEmpty() ? main.outputs(own) : List.of(),
          runs.stream().mapToLong(r -> r.cycles.get()).sum(),
          seconds);
    }
  }

  private IntegerTensor expected(IntegerTensor frame) {
    return (IntegerTensor) reference.run(List.of(frame)).get(0);
  }

  private DivergenceFinder finder() {
    return new DivergenceFinder(model, rtl, options, limits(options.stalls()));
  }

  private Path build(int count) {
    long perFrame = options.predicted().map(Timing::cyclesPerFrame).orElse((long) reachOfFrame());
    long cycles = perFrame * (count / options.jobs() + counting().frames() + 1);
    Optimization level = Optimization.forWork(cycles, VerilatorBuild.verilogBytes(rtl));
    return new VerilatorBuild(options.cache())
        .build(new VerilatorBuild.Request(rtl, model.design().name(), level, false));
  }

  private Counting counting() {
    return options.predicted().map(Timing::counting).orElse(Counting.STANDARD);
  }

  /** Cycles that a frame takes at the least: its beats on the way in. */
  private int reachOfFrame() {
    return ports.inputLayout().beatsPerFrame() + ports.outputLayout().beatsPerFrame();
  }

  private Limits limits(Stalls stalls) {
    long slowest =
        model.design().depths().keySet().stream().mapToLong(s -> s.beatsPerFrame()).max().orElse(1);
    long frame =
        Math.max(options.predicted().map(Timing::latencyCycles).orElse(1_000_000L), slowest);
    return Limits.forFrameCycles(frame, stalls);
  }

  private Timing measure(Path simulator, IntegerTensor frame) {
    byte[] beats = ports.pack(frame);
    int outputBeats = ports.outputLayout().beatsPerFrame();
    Limits limits = limits(Stalls.NONE);
    Counting counting = counting();
    try (SimulatedAccelerator accelerator = started(simulator)) {
      FrameResult single = accelerator.runFrames(List.of(beats), outputBeats, limits).get(0);
      nothingMore(accelerator, single.latency());
      accelerator.restart(RESET_CYCLES);
      // So many that the source cannot run dry while frames are counted.
      int fed = counting.frames() + FRAMES_IN_A_UNIT * model.design().units().size();
      for (int i = 0; i < fed; i++) {
        accelerator.send(beats, true);
      }
      long before = endOf(counting.warmUp(), accelerator, limits);
      long after = endOf(counting.counted(), accelerator, limits);
      return new Timing(single.latency(), counting.perFrame(after - before), counting);
    }
  }

  /** After the last frame, nothing comes for as long as a frame takes. */
  private static void nothingMore(SimulatedAccelerator accelerator, long cycles) {
    if (accelerator.receive(1, cycles).last().length > 0) {
      throw new SimulationException(
          SimulationException.Kind.PROTOCOL,
          "a beat comes after the last beat of the last frame, in cycle "
              + accelerator.status().cycle());
    }
  }

  /** The cycle after the last handshake of the next so many frames. */
  private long endOf(int frames, SimulatedAccelerator accelerator, Limits limits) {
    int beats = frames * ports.outputLayout().beatsPerFrame();
    long cycles = Math.multiplyExact(limits.idleCycles(), frames);
    if (accelerator.receive(beats, cycles).last().length < beats) {
      throw new SimulationException(
          SimulationException.Kind.DEADLOCK,
          frames + " frames did not come out within " + cycles + " cycles");
    }
    return accelerator.status().cycle();
  }

  private static SimulatedAccelerator started(Path simulator) {
    SimulatedAccelerator accelerator = SimulatedAccelerator.start(simulator);
    try {
      accelerator.restart(RESET_CYCLES);
      return accelerator;
    } catch (SimulationException e) {
      accelerator.close();
      throw e;
    }
  }

  /** Neighbouring frames, dealt to the jobs. */
  private final class Run {
    private final int from;
    private final int to;
    private final IntFunction<IntegerTensor> frames;
    private final Stalls stalls;
    private final boolean observes;
    private final Progress progress;
    private final Comparison comparison = new Comparison(ports.outputType().shape());
    private final AtomicLong cycles = new AtomicLong();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicIntegerArray doneOfJob = new AtomicIntegerArray(options.jobs());
    private final BitSet differsWithin = new BitSet();
    private final int[][] outputs;

    /**
     * @param observes whether what the queues take is compared too, not only what comes out
     */
    Run(
        int from,
        int to,
        IntFunction<IntegerTensor> frames,
        Stalls stalls,
        boolean observes,
        Progress progress) {
      this.from = from;
      this.to = to;
      this.frames = frames;
      this.stalls = stalls;
      this.observes = observes;
      this.progress = progress;
      this.outputs = new int[options.keepOutputs() ? to : 0][];
    }

    private int begin(int job) {
      return from + (int) ((long) (to - from) * job / options.jobs());
    }

    private int jobOf(int frame) {
      int job = 0;
      while (begin(job + 1) <= frame) {
        job++;
      }
      return job;
    }

    Replayed replayed(int frame) {
      int job = jobOf(frame);
      return new Replayed(begin(job), frame, frames, stalls(job));
    }

    private Stalls stalls(int job) {
      return stalls.withSeed(stalls.seed() + job);
    }

    /** The first frame, of the jobs that did not end, that never came out. */
    int firstIncomplete() {
      for (int job = 0; job < options.jobs(); job++) {
        int next = begin(job) + doneOfJob.get(job);
        if (next < begin(job + 1)) {
          return next;
        }
      }
      return to - 1;
    }

    void execute(Path simulator) {
      ExecutorService threads = Executors.newFixedThreadPool(options.jobs());
      try {
        List<Future<?>> jobs = new ArrayList<>();
        for (int job = 0; job < options.jobs(); job++) {
          int number = job;
          jobs.add(threads.submit(() -> simulate(simulator, number)));
        }
        await(jobs);
      } finally {
        threads.shutdownNow();
      }
    }

    private void simulate(Path simulator, int job) {
      int begin = begin(job);
      int size = begin(job + 1) - begin;
      if (size == 0) {
        return;
      }
      QueueDigests digests = new QueueDigests(model);
      try (SimulatedAccelerator accelerator = started(simulator)) {
        accelerator.stalls(stalls(job));
        if (observes) {
          accelerator.observeQueues();
        }
        long took =
            accelerator.runFrames(
                size,
                i -> ports.pack(frames.apply(begin + i)),
                ports.outputLayout().beatsPerFrame(),
                limits(stalls),
                (i, result) -> {
                  compare(begin + i, result, digests);
                  doneOfJob.incrementAndGet(job);
                  requireNoDifference();
                });
        cycles.addAndGet(took);
        nothingMore(accelerator, Math.min(took, DRAIN_CYCLES));
        if (observes && comparison.mismatches() == 0) {
          digests
              .difference(accelerator.queueDigests())
              .ifPresent(queue -> throwInside(queue, job));
        }
      }
    }

    /** All frames of the job came out right, and yet a queue took something else. */
    private synchronized void throwInside(String queue, int job) {
      doneOfJob.set(job, 0);
      differsWithin.set(job);
      throw new SimulationException(
          SimulationException.Kind.PROTOCOL,
          "the queue "
              + queue
              + " takes other values than the reference's, though none of these frames shows it");
    }

    private IntegerTensor expected(IntegerTensor frame, QueueDigests digests) {
      if (!observes) {
        return Verifier.this.expected(frame);
      }
      Map<Value, Tensor> values = reference.runAll(List.of(frame));
      digests.add(values);
      return (IntegerTensor) values.get(reference.graph().outputs().get(0));
    }

    private void requireNoDifference() {
      if (!options.explains() && comparison.mismatches() > 0) {
        throw new SimulationException(
            SimulationException.Kind.PROTOCOL, comparison.first().orElseThrow().toString());
      }
    }

    private void compare(int frame, FrameResult result, QueueDigests digests) {
      IntegerTensor expected = expected(frames.apply(frame), digests);
      int[] actual = ports.unpack(result.output());
      comparison.compare(frame, expected, actual);
      if (options.keepOutputs()) {
        outputs[frame] = actual;
      }
      synchronized (progress) {
        progress.frames(done.incrementAndGet(), to - from);
      }
    }

    /** The first outputs as tensors; what a faulty design gave outside of the type is saturated. */
    List<IntegerTensor> outputs(int count) {
      TensorType type = ports.outputType();
      return Arrays.stream(outputs)
          .limit(count)
          .map(data -> new IntegerTensor(type, ports.saturated(data)))
          .toList();
    }
  }

  /**
   * What to replay.
   *
   * @param firstOfRun the first frame that the failing process was fed
   * @param failing the frame that came out wrong, or did not come
   */
  record Replayed(int firstOfRun, int failing, IntFunction<IntegerTensor> frames, Stalls stalls) {}

  private static void await(List<Future<?>> jobs) {
    try {
      for (Future<?> job : jobs) {
        job.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a verification job failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SimulationException(
          SimulationException.Kind.PROCESS, "interrupted while simulating", e);
    }
  }
}
