// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.Design;
import dev.etch.hardware.Stream;
import dev.etch.hardware.Unit;
import dev.etch.schedule.CycleModel;
import dev.etch.tensor.IntegerTensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Compares the cycle in which each queue takes each beat with {@link CycleModel}. A unit that
 * starts a cycle late, or waits for what it has already, shows here even if another unit is slower
 * and neither output nor rate tells.
 */
final class QueueTimesCheck {
  private final VerifiedDesign verified;

  QueueTimesCheck(VerifiedDesign verified) {
    this.verified = verified;
  }

  /**
   * What happens at another time than it should.
   *
   * @param description for people
   * @param cycle of the simulation
   */
  record Late(String description, long cycle) {}

  /** A beat that a queue does not take when it should; one of the cycles is missing at an end. */
  private record Difference(Stream stream, int beat, Optional<Long> wanted, Optional<Long> taken) {
    /** The cycle in which something else happens than should. */
    long cycle() {
      return Math.min(wanted.orElse(Long.MAX_VALUE), taken.orElse(Long.MAX_VALUE));
    }

    String describe(Design design) {
      String writer = unit(design, unit -> unit.outputs().contains(stream), "the input port");
      String reader = unit(design, unit -> unit.inputs().contains(stream), "an output port");
      return "counted from the first input beat, the queue %s takes its beat %d %s and not %s: %s, which fills it, or %s, which empties it, does not keep its timing"
          .formatted(stream.name(), beat, when(taken), when(wanted), writer, reader);
    }

    private static String unit(Design design, Predicate<Unit> wanted, String none) {
      return design.units().stream().filter(wanted).map(Unit::name).findFirst().orElse(none);
    }

    private static String when(Optional<Long> cycle) {
      return cycle.map(c -> "in cycle " + c).orElse("never");
    }
  }

  /**
   * What happens at another time than it should, if anything does: of all queues, what is first.
   *
   * @param count frames that are fed back to back, at least 1
   * @param stalls of the host; the model's gives and takes beats in the same cycles
   * @throws SimulationException if a frame does not come out
   */
  Optional<Late> run(Path simulator, IntFunction<IntegerTensor> frames, int count, Stalls stalls) {
    try (SimulatedAccelerator accelerator = verified.started(simulator)) {
      accelerator.stalls(stalls);
      accelerator.probe().observeQueueTimes();
      accelerator.runFrames(
          fed(frames, count), verified.ports().outputBeats(), verified.limits(stalls));
      DesignProbe.BeatCycles cycles = accelerator.probe().beatCycles();
      return first(stalls.any() ? replayed(count, cycles) : predicted(count), cycles);
    }
  }

  /**
   * The same with a sink that takes nothing until the source is stuck, because everything is full:
   * only then units that are fast have all that they need for the next pixel.
   */
  Optional<Late> runBlocked(Path simulator, IntFunction<IntegerTensor> frames, int count) {
    try (SimulatedAccelerator accelerator = verified.started(simulator)) {
      accelerator.probe().observeQueueTimes();
      fed(frames, count).forEach(frame -> accelerator.send(frame, true));
      long idle = verified.limits(Stalls.NONE).idleCycles();
      for (long before = -1; before != accelerator.status().beatsIn(); accelerator.run(idle)) {
        before = accelerator.status().beatsIn();
      }
      if (!accelerator.collect(verified.ports().outputBeats(count), count * idle)) {
        throw new SimulationException(
            SimulationException.Kind.DEADLOCK, count + " frames did not come out");
      }
      DesignProbe.BeatCycles cycles = accelerator.probe().beatCycles();
      return first(replayed(count, cycles), cycles);
    }
  }

  private List<byte[]> fed(IntFunction<IntegerTensor> frames, int count) {
    return IntStream.range(0, count).mapToObj(i -> verified.ports().pack(frames.apply(i))).toList();
  }

  private Map<Stream, List<Long>> predicted(int count) {
    return CycleModel.beatTimes(verified.model().design(), count);
  }

  /** What the model says, with a host that gives and takes when the simulation's did. */
  private Map<Stream, List<Long>> replayed(int count, DesignProbe.BeatCycles cycles) {
    DesignProbe.BeatCycles counted = cycles.since(cycles.begin());
    Design design = verified.model().design();
    long[] given = Arrays.copyOf(counted.given(), count * design.input().beatsPerFrame());
    // The last frame's output may come before all of its input.
    Arrays.fill(given, counted.given().length, given.length, CycleModel.NEVER);
    return CycleModel.beatTimes(design, count, given, counted.left());
  }

  private Optional<Late> first(Map<Stream, List<Long>> predicted, DesignProbe.BeatCycles cycles) {
    long begin = cycles.begin();
    Map<String, long[]> taken = cycles.since(begin).taken();
    return predicted.entrySet().stream()
        .filter(entry -> taken.containsKey(entry.getKey().name()))
        .flatMap(e -> first(e.getKey(), e.getValue(), taken.get(e.getKey().name())).stream())
        .min(Comparator.comparingLong(Difference::cycle))
        .map(first -> new Late(first.describe(verified.model().design()), begin + first.cycle()));
  }

  private static Optional<Difference> first(Stream stream, List<Long> wanted, long[] taken) {
    for (int i = 0; i < Math.max(wanted.size(), taken.length); i++) {
      Optional<Long> want = i < wanted.size() ? Optional.of(wanted.get(i)) : Optional.empty();
      Optional<Long> take = i < taken.length ? Optional.of(taken[i]) : Optional.empty();
      if (!want.equals(take)) {
        return Optional.of(new Difference(stream, i, want, take));
      }
    }
    return Optional.empty();
  }
}
