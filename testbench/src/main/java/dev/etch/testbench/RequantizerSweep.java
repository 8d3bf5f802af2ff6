// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.PipelineStages;
import dev.etch.hardware.ScheduleColumns;
import dev.etch.hardware.WindowNetlist;
import dev.etch.hardware.WindowUnit;
import dev.etch.lower.LoweredModel;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the requantizers of all window units are given, all at once and a sum each cycle, while no
 * frame is under way: {@link CriticalSums} of each output in turn. So sums are tried that no frame
 * that anyone has happens to reach.
 *
 * <p>A testbench forces the number of the output two cycles before the sum (see {@code
 * ChannelIndex}), and finds the result {@link PipelineStages#REQUANTIZER} cycles behind it.
 */
public final class RequantizerSweep {
  /** Cycles from an output's number to its sum. */
  public static final int SUM_DELAY = 2;

  /** Cycles after that in which the output's number is forced, at whose end its result is there. */
  public static final int RESULT_DELAY = SUM_DELAY + PipelineStages.REQUANTIZER - 1;

  private final List<Track> tracks;
  private final int length;

  /**
   * One requantizer.
   *
   * @param output chooses an output, and may be shared with other requantizers; none if there is
   *     only one to choose
   * @param sum the register that carries the sum
   * @param result the register that carries the result
   * @param outputs chosen, cycle by cycle; the same for all that share the signal
   * @param sums given, for each of these outputs
   * @param results wanted
   */
  public record Track(
      Optional<Field> output,
      Field sum,
      Field result,
      int[] outputs,
      long[] sums,
      int[] results) {
    private Stream<String> signals() {
      return Stream.concat(output.stream(), Stream.of(sum, result)).map(Field::signal);
    }
  }

  /**
   * Bits of a register.
   *
   * @param signal name of the register, behind that of the instance of its unit
   * @param low the lowest of them
   * @param bits how many, at most 64
   */
  public record Field(String signal, int low, int bits) {
    static Field of(WindowUnit unit, String register, int low, int bits) {
      return new Field("unit_" + unit.name() + "." + register, low, bits);
    }
  }

  private RequantizerSweep(List<Track> tracks) {
    this.tracks = List.copyOf(tracks);
    this.length = tracks.stream().mapToInt(t -> t.sums().length).max().orElse(0);
  }

  /**
   * The sweep of a design.
   *
   * @param most sums of a requantizer, at most; but one of each of its outputs at least
   */
  public static RequantizerSweep of(LoweredModel model, int most) {
    Map<String, List<RequantizedSums.Cluster>> groups =
        RequantizedSums.of(model).stream()
            .collect(
                Collectors.groupingBy(
                    c -> c.unit().name() + " " + c.group(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    return new RequantizerSweep(
        groups.values().stream().flatMap(clusters -> group(clusters, most).stream()).toList());
  }

  /** Requantizers that are given something. */
  public List<Track> tracks() {
    return tracks;
  }

  /** Cycles of the longest track. */
  public int length() {
    return length;
  }

  /** The requantizers of one group of drains: they share the number of the output. */
  private static List<Track> group(List<RequantizedSums.Cluster> clusters, int most) {
    int outputs = clusters.get(0).outputs().size();
    List<List<List<Long>>> critical = new ArrayList<>();
    for (RequantizedSums.Cluster cluster : clusters) {
      critical.add(
          cluster.outputs().stream()
              .map(o -> CriticalSums.of(o.sums(), o::result, Math.max(1, most / outputs)))
              .toList());
    }
    int[] order = order(critical, outputs);
    Optional<Field> output = outputs == 1 ? Optional.empty() : Optional.of(output(clusters.get(0)));
    List<Track> tracks = new ArrayList<>();
    for (int i = 0; i < clusters.size(); i++) {
      tracks.add(track(output, clusters.get(i), critical.get(i), order));
    }
    return tracks;
  }

  /** The word of the schedule says which output a drain is of. */
  private static Field output(RequantizedSums.Cluster cluster) {
    ScheduleColumns columns = WindowNetlist.of(cluster.unit()).columns();
    String name = "drain" + cluster.group() + "_output";
    return Field.of(
        cluster.unit(),
        ScheduleColumns.memoryName(PipelineStages.DRAIN) + "_word",
        columns.start(name),
        columns.get(name).width());
  }

  /** Outputs by turns, so that neighbours differ, until the longest list of each is through. */
  private static int[] order(List<List<List<Long>>> critical, int outputs) {
    List<Integer> order = new ArrayList<>();
    boolean more = true;
    for (int turn = 0; more; turn++) {
      more = false;
      for (int output = 0; output < outputs; output++) {
        int number = output;
        int at = turn;
        if (critical.stream().anyMatch(cluster -> at < cluster.get(number).size())) {
          order.add(output);
          more = true;
        }
      }
    }
    return order.stream().mapToInt(Integer::intValue).toArray();
  }

  private static Track track(
      Optional<Field> output,
      RequantizedSums.Cluster cluster,
      List<List<Long>> critical,
      int[] order) {
    long[] sums = new long[order.length];
    int[] results = new int[order.length];
    int[] turn = new int[critical.size()];
    for (int i = 0; i < order.length; i++) {
      List<Long> choice = critical.get(order[i]);
      sums[i] = choice.get(turn[order[i]]++ % choice.size());
      results[i] = cluster.outputs().get(order[i]).result(sums[i]);
    }
    WindowUnit unit = cluster.unit();
    String name = "cluster" + cluster.number();
    IntegerType type = unit.accumulator();
    return new Track(
        output,
        Field.of(unit, name + "_sum", 0, type.bits() + (type.signed() ? 0 : 1)),
        Field.of(
            unit,
            name + "_result_" + PipelineStages.REQUANTIZER,
            0,
            unit.output().type().element().bits()),
        order,
        sums,
        results);
  }

  /** The requantizers whose signals a simulator has. */
  RequantizerSweep onlyOf(Set<String> signals) {
    return new RequantizerSweep(
        tracks.stream()
            .filter(t -> t.signals().allMatch(signals::contains))
            .toList());
  }

  /** Runs on an accelerator that is out of reset; the first requantizer that is wrong, if any. */
  Optional<String> run(SimulatedAccelerator accelerator) {
    if (tracks.isEmpty()) {
      return Optional.empty();
    }
    int cycles = length + RESULT_DELAY + 1;
    Map<Field, long[]> forced = new LinkedHashMap<>();
    for (Track track : tracks) {
      long[] outputs = Arrays.stream(track.outputs()).asLongStream().toArray();
      track.output().ifPresent(field -> forced.put(field, late(outputs, 0, cycles)));
      forced.put(track.sum(), late(track.sums(), SUM_DELAY, cycles));
    }
    List<String> results = tracks.stream().map(t -> t.result().signal()).toList();
    List<long[]> given = accelerator.sweep(forced, results, cycles);
    for (int number = 0; number < tracks.size(); number++) {
      Optional<String> wrong = difference(tracks.get(number), given.get(number));
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  /** The values so many cycles later, and the last of them to the end. */
  private static long[] late(long[] values, int delay, int cycles) {
    long[] all = new long[cycles];
    for (int i = delay; i < cycles; i++) {
      all[i] = values[Math.min(i - delay, values.length - 1)];
    }
    return all;
  }

  private static Optional<String> difference(Track track, long[] given) {
    long mask = (1L << track.result().bits()) - 1;
    for (int i = 0; i < track.sums().length; i++) {
      long result = given[i + RESULT_DELAY];
      long wanted = track.results()[i] & mask;
      if (result != wanted) {
        return Optional.of(
            "%s is %d for the sum %d of output %d, and not %d (as unsigned numbers)"
                .formatted(
                    track.result().signal(),
                    result,
                    track.sums()[i],
                    track.outputs()[i],
                    wanted));
      }
    }
    return Optional.empty();
  }
}
