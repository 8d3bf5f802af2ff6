// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.etch.hardware.ScheduleColumns;
import dev.etch.hardware.ScheduleColumns.Column;
import dev.etch.hardware.WindowNetlist;
import dev.etch.lower.LoweredModel;
import dev.etch.testbench.ArithmeticSweep.Field;
import dev.etch.testbench.ArithmeticSweep.Given;
import dev.etch.testbench.ArithmeticSweep.Track;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the requantizers of window units are given in an {@link ArithmeticSweep}. */
final class RequantizerTracks {
  private final List<RequantizedSums.Cluster> clusters;

  /** Of each cluster, each output. */
  private final List<List<List<Long>>> critical = new ArrayList<>();

  /** Outputs, one after the other: these clusters share their choice. */
  private final int[] order;

  private RequantizerTracks(List<RequantizedSums.Cluster> clusters, int most) {
    this.clusters = clusters;
    int outputs = outputs();
    for (RequantizedSums.Cluster cluster : clusters) {
      critical.add(
          cluster.outputs().stream()
              .map(o -> CriticalSums.of(o.sums(), o::result, Math.max(1, most / outputs)))
              .toList());
    }
    this.order = order();
  }

  /** The tracks of all requantizers, each of at most so many sums if its outputs are not more. */
  static List<Track> of(LoweredModel model, int most) {
    Map<String, List<RequantizedSums.Cluster>> groups =
        RequantizedSums.of(model).stream()
            .collect(groupingBy(RequantizerTracks::choice, LinkedHashMap::new, toList()));
    return groups.values().stream()
        .flatMap(clusters -> new RequantizerTracks(clusters, most).tracks().stream())
        .toList();
  }

  /** Names what chooses the output: groups of drains may share it, if their columns are equal. */
  private static String choice(RequantizedSums.Cluster cluster) {
    String unit = cluster.unit().name() + " ";
    return cluster.outputs().size() == 1 ? unit + "fixed" : unit + channel(cluster).low();
  }

  private int outputs() {
    return clusters.get(0).outputs().size();
  }

  /** Outputs by turns, so that neighbours differ, until the longest list of each is through. */
  private int[] order() {
    List<Integer> all = new ArrayList<>();
    int longest = critical.stream().flatMap(List::stream).mapToInt(List::size).max().orElseThrow();
    for (int turn = 0; turn < longest; turn++) {
      for (int output = 0; output < outputs(); output++) {
        if (isLongerThan(turn, output)) {
          all.add(output);
        }
      }
    }
    return all.stream().mapToInt(Integer::intValue).toArray();
  }

  private boolean isLongerThan(int turn, int output) {
    return critical.stream().anyMatch(cluster -> turn < cluster.get(output).size());
  }

  private List<Track> tracks() {
    List<Track> tracks = new ArrayList<>();
    for (int i = 0; i < clusters.size(); i++) {
      tracks.add(track(clusters.get(i), critical.get(i)));
    }
    return tracks;
  }

  private Track track(RequantizedSums.Cluster cluster, List<List<Long>> choices) {
    long[] sums = new long[order.length];
    int[] results = new int[order.length];
    int[] turns = new int[choices.size()];
    for (int i = 0; i < order.length; i++) {
      List<Long> choice = choices.get(order[i]);
      sums[i] = choice.get(turns[order[i]]++ % choice.size());
      results[i] = cluster.outputs().get(order[i]).result(sums[i]);
    }
    String name = "cluster" + cluster.number();
    Field sum =
        ArithmeticSweep.operand(cluster.unit(), name + "_sum", cluster.unit().accumulator());
    List<Given> given = new ArrayList<>();
    if (outputs() > 1) {
      long[] numbers = Arrays.stream(order).asLongStream().toArray();
      given.add(new Given(channel(cluster), 0, numbers));
    }
    given.add(new Given(sum, ArithmeticSweep.OPERAND_DELAY, sums));
    return new Track(given, ArithmeticSweep.result(cluster.unit(), name), results);
  }

  /** The word of the schedule says which channel a drain is of, see {@code ChannelIndex}. */
  private static Field channel(RequantizedSums.Cluster cluster) {
    WindowNetlist netlist = WindowNetlist.of(cluster.unit());
    ScheduleColumns columns = netlist.columns();
    String name = netlist.channelColumn(cluster.group());
    Column column = columns.get(name);
    return Field.of(
        cluster.unit(),
        VerilatorBuild.DRAIN_WORD,
        columns.wordOf(name).start(column),
        column.width());
  }
}
