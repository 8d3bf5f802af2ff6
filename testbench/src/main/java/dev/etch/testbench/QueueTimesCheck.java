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
import java.util.TreeMap;
import java.util.function.IntFunction;
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
      String unit =
          design.units().stream()
              .filter(u -> u.outputs().contains(stream))
              .map(Unit::name)
              .findFirst()
              .orElse("the design");
      return "%s does not keep its timing: counted from the first input beat, the queue %s takes its beat %d %s and not %s"
          .formatted(unit, stream.name(), beat, when(taken), when(wanted));
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
    Design design = verified.model().design();
    List<byte[]> fed =
        IntStream.range(0, count).mapToObj(i -> verified.ports().pack(frames.apply(i))).toList();
    try (SimulatedAccelerator accelerator = VerifiedDesign.started(simulator)) {
      accelerator.stalls(stalls);
      accelerator.probe().observeQueueTimes();
      List<FrameResult> results =
          accelerator.runFrames(
              fed, verified.ports().outputLayout().beatsPerFrame(), verified.limits(stalls));
      long begin = results.get(0).firstInput();
      DesignProbe.BeatCycles cycles = accelerator.probe().beatCycles();
      Map<String, long[]> taken = new TreeMap<>();
      cycles.taken().forEach((name, all) -> taken.put(name, since(begin, all)));
      return predicted(count, stalls, taken, since(begin, cycles.left())).entrySet().stream()
          .filter(entry -> taken.containsKey(entry.getKey().name()))
          .flatMap(e -> first(e.getKey(), e.getValue(), taken.get(e.getKey().name())).stream())
          .min(Comparator.comparingLong(Difference::cycle))
          .map(first -> new Late(first.describe(design), begin + first.cycle()));
    }
  }

  /** What the model says, with a host that gives and takes when the simulation's did. */
  private Map<Stream, List<Long>> predicted(
      int count, Stalls stalls, Map<String, long[]> taken, long[] left) {
    Design design = verified.model().design();
    long[] always = {};
    long[] given = taken.getOrDefault(design.input().name(), always);
    return stalls.any()
        ? CycleModel.beatTimes(design, count, given, left)
        : CycleModel.beatTimes(design, count);
  }

  private static long[] since(long begin, long[] cycles) {
    return Arrays.stream(cycles).map(cycle -> cycle - begin).toArray();
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
