// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.lower.LoweredModel;
import dev.etch.reference.Interpreter;
import dev.etch.schedule.Counting;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.TensorType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Simulates the Verilog of a lowered model and compares every output bit with the reference, and
 * the cycles with the prediction. Frames are dealt to several simulator processes in contiguous
 * runs; each feeds its run back to back.
 */
public final class Verifier {
  /** Frames that a unit can hold at most: two in its window buffer, one in its queues. */
  private static final int FRAMES_IN_A_UNIT = 3;

  static final int RESET_CYCLES = 4;

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
   * Verifies.
   *
   * @param count frames, at least 1
   * @param frames the accelerator's input for frame i; called from several threads
   * @throws ToolMissingException if Verilator or g++ is not installed
   * @throws SimulationException if the design cannot be built, hangs, or breaks a rule of AXI
   */
  public VerifyResult verify(int count, IntFunction<IntegerTensor> frames, Progress progress) {
    if (count < 1) {
      throw new IllegalArgumentException("at least one frame");
    }
    Path simulator = build(count);
    long start = System.nanoTime();
    Timing measured = measure(simulator, frames.apply(0));
    Run run = new Run(simulator, count, frames, progress);
    run.execute();
    double seconds = (System.nanoTime() - start) / 1e9;
    Optional<Divergence> divergence =
        run.comparison
            .first()
            .flatMap(m -> diverged(m.frame(), run.firstFrameOfRunWith(m.frame()), frames));
    return new VerifyResult(
        count,
        run.comparison.compared(),
        run.comparison.mismatches(),
        run.comparison.first(),
        divergence,
        measured,
        options.predicted(),
        options.keepOutputs() ? run.outputs() : List.of(),
        run.cycles.get(),
        seconds);
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
    accelerator.restart(RESET_CYCLES);
    return accelerator;
  }

  private Optional<Divergence> diverged(
      int frame, int firstOfRun, IntFunction<IntegerTensor> frames) {
    return new DivergenceFinder(model, rtl, options.cache(), limits(options.stalls()))
        .find(firstOfRun, frame, frames, stalls(0), options.waveFolder());
  }

  private Stalls stalls(int job) {
    Stalls all = options.stalls();
    return new Stalls(all.input(), all.output(), all.seed() + job);
  }

  /** The frames of one call, dealt to the jobs. */
  private final class Run {
    private final Path simulator;
    private final int count;
    private final IntFunction<IntegerTensor> frames;
    private final Progress progress;
    private final Comparison comparison = new Comparison(ports.outputType().shape());
    private final AtomicLong cycles = new AtomicLong();
    private final AtomicInteger done = new AtomicInteger();
    private final int[][] outputs;

    Run(Path simulator, int count, IntFunction<IntegerTensor> frames, Progress progress) {
      this.simulator = simulator;
      this.count = count;
      this.frames = frames;
      this.progress = progress;
      this.outputs = new int[options.keepOutputs() ? count : 0][];
    }

    private int begin(int job) {
      return (int) ((long) count * job / options.jobs());
    }

    int firstFrameOfRunWith(int frame) {
      int job = 0;
      while (begin(job + 1) <= frame) {
        job++;
      }
      return begin(job);
    }

    void execute() {
      ExecutorService threads = Executors.newFixedThreadPool(options.jobs());
      try {
        List<Future<?>> jobs = new ArrayList<>();
        for (int job = 0; job < options.jobs(); job++) {
          int number = job;
          jobs.add(threads.submit(() -> simulate(number)));
        }
        await(jobs);
      } finally {
        threads.shutdownNow();
      }
    }

    private void simulate(int job) {
      int begin = begin(job);
      int size = begin(job + 1) - begin;
      try (SimulatedAccelerator accelerator = started(simulator)) {
        accelerator.stalls(stalls(job));
        cycles.addAndGet(
            accelerator.runFrames(
                size,
                i -> ports.pack(frames.apply(begin + i)),
                ports.outputLayout().beatsPerFrame(),
                limits(options.stalls()),
                (i, result) -> compare(begin + i, result)));
      }
    }

    private void compare(int frame, FrameResult result) {
      IntegerTensor expected = (IntegerTensor) reference.run(List.of(frames.apply(frame))).get(0);
      int[] actual = ports.unpack(result.output());
      comparison.compare(frame, expected, actual);
      if (options.keepOutputs()) {
        outputs[frame] = actual;
      }
      synchronized (progress) {
        progress.frames(done.incrementAndGet(), count);
      }
    }

    /** Outputs as tensors; what a faulty design gave outside of the type is saturated. */
    List<IntegerTensor> outputs() {
      TensorType type = ports.outputType();
      return Arrays.stream(outputs)
          .map(data -> new IntegerTensor(type, ports.saturated(data)))
          .toList();
    }
  }

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
