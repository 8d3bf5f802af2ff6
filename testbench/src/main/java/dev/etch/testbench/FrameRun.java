// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.tensor.IntegerTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/** Neighbouring frames, dealt to simulators side by side; each feeds its own back to back. */
final class FrameRun {
  private static final long DRAIN_CYCLES = 2000;

  private final VerifiedDesign design;
  private final int from;
  private final int to;
  private final IntFunction<IntegerTensor> frames;
  private final Stalls stalls;
  private final boolean observes;
  private final Verifier.Progress progress;
  private final Comparison comparison;
  private final AtomicLong cycles = new AtomicLong();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicIntegerArray doneOfJob;
  private final BitSet differsWithin = new BitSet();
  private final List<List<int[]>> outputs;

  /**
   * Frames {@code from} to {@code to - 1}.
   *
   * @param observes whether what the queues take is compared too, not only what comes out
   */
  FrameRun(
      VerifiedDesign design,
      int from,
      int to,
      IntFunction<IntegerTensor> frames,
      Stalls stalls,
      boolean observes,
      Verifier.Progress progress) {
    this.design = design;
    this.comparison = new Comparison(design.ports());
    this.doneOfJob = new AtomicIntegerArray(design.options().jobs());
    this.from = from;
    this.to = to;
    this.frames = frames;
    this.stalls = stalls;
    this.observes = observes;
    this.progress = progress;
    this.outputs =
        new ArrayList<>(
            Collections.nCopies(design.options().keepOutputs() ? to : 0, List.<int[]>of()));
  }

  /** Finds where a frame of this run goes wrong. */
  DivergenceFinder finder() {
    return design.finder();
  }

  private int begin(int job) {
    return from + (int) ((long) (to - from) * job / design.options().jobs());
  }

  private int jobOf(int frame) {
    int job = 0;
    while (begin(job + 1) <= frame) {
      job++;
    }
    return job;
  }

  /** How to feed a frame again as this run did. */
  Replayed replayed(int frame) {
    int job = jobOf(frame);
    return new Replayed(begin(job), frame, frames, stalls(job));
  }

  private Stalls stalls(int job) {
    return stalls.withSeed(stalls.seed() + job);
  }

  /** What came out, beside what should. */
  Comparison comparison() {
    return comparison;
  }

  /** Cycles that were simulated. */
  long cycles() {
    return cycles.get();
  }

  /**
   * The frame that did not come out; or, if all are right but not within, the first that is not.
   */
  Replayed suspect(Path simulator) {
    int first = firstIncomplete();
    int job = jobOf(first);
    if (!design.options().explains() || !differsWithin.get(job)) {
      return replayed(first);
    }
    int low = first;
    int high = begin(job + 1) - 1;
    while (low < high) {
      int middle = (low + high) / 2;
      FrameRun fewer = new FrameRun(design, first, middle + 1, frames, stalls, true, (i, of) -> {});
      if (fewer.passes(simulator)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return replayed(low);
  }

  private boolean passes(Path simulator) {
    try {
      execute(simulator);
      return comparison.mismatches() == 0;
    } catch (SimulationException e) {
      return false;
    }
  }

  /** The first frame, of the jobs that did not end, that never came out. */
  private int firstIncomplete() {
    for (int job = 0; job < design.options().jobs(); job++) {
      int next = begin(job) + doneOfJob.get(job);
      if (next < begin(job + 1)) {
        return next;
      }
    }
    return to - 1;
  }

  /**
   * Feeds all frames and compares what comes out.
   *
   * @throws SimulationException if the design hangs or breaks a rule, or if a queue takes something
   *     else than the reference's values
   */
  void execute(Path simulator) {
    ExecutorService threads = Executors.newFixedThreadPool(design.options().jobs());
    try {
      List<Future<?>> jobs = new ArrayList<>();
      for (int job = 0; job < design.options().jobs(); job++) {
        int number = job;
        jobs.add(threads.submit(() -> simulate(simulator, number)));
      }
      jobs.forEach(FinishedJob::result);
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
    QueueDigests digests = new QueueDigests(design.model());
    try (SimulatedAccelerator accelerator = design.started(simulator)) {
      accelerator.stalls(stalls(job));
      if (observes) {
        accelerator.probe().observeQueues();
      }
      long took =
          accelerator.runFrames(
              size,
              i -> design.ports().pack(frames.apply(begin + i)),
              design.ports().outputBeats(),
              design.limits(stalls),
              (i, result) -> {
                compare(begin + i, result, digests);
                doneOfJob.incrementAndGet(job);
                requireNoDifference();
              });
      cycles.addAndGet(took);
      VerifiedDesign.nothingMore(accelerator, Math.min(took, DRAIN_CYCLES));
      if (observes && comparison.mismatches() == 0) {
        digests
            .difference(accelerator.probe().queueDigests())
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

  private void requireNoDifference() {
    if (!design.options().explains() && comparison.mismatches() > 0) {
      throw new SimulationException(
          SimulationException.Kind.PROTOCOL, comparison.first().orElseThrow().toString());
    }
  }

  private void compare(int frame, FrameResult result, QueueDigests digests) {
    IntegerTensor input = frames.apply(frame);
    List<IntegerTensor> expected =
        observes ? design.expected(input, digests) : design.expected(input);
    List<int[]> actual = design.ports().unpack(result.outputs());
    comparison.compare(frame, expected, actual);
    if (design.options().keepOutputs()) {
      synchronized (outputs) {
        outputs.set(frame, actual);
      }
    }
    synchronized (progress) {
      progress.frames(done.incrementAndGet(), to - from);
    }
  }

  /** The first outputs as tensors; what a faulty design gave outside of the type is saturated. */
  List<List<IntegerTensor>> outputs(int count) {
    return outputs.stream().limit(count).map(design.ports()::saturated).toList();
  }
}
