// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.exact.ChannelRange;
import dev.etch.exact.Interval;
import dev.etch.exact.RangeAnalysis;
import dev.etch.exact.Ranges;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.Stream;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WindowNetlist;
import dev.etch.hardware.WindowUnit;
import dev.etch.lower.LoweredModel;
import dev.etch.op.AccumulatingOp;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.Requantization;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The sums that enter the requantizers of a design's window units: what they can be, and what the
 * software makes of them. Units whose sums the range analysis does not know are left out.
 */
public final class RequantizedSums {
  /** What the design was built from: weights that have no effect are zeros in it. */
  private final Graph graph;

  private final Ranges ranges;
  private final List<Cluster> clusters = new ArrayList<>();

  /**
   * One cluster of a window unit, with a requantizer of its own.
   *
   * @param group number of its group of drains
   * @param number of the cluster
   * @param inParts whether a sum may be drained in several parts
   * @param outputs of the cluster, in the order of their numbers
   */
  public record Cluster(
      WindowUnit unit, int group, int number, boolean inParts, List<Output> outputs) {
    public Cluster {
      Objects.requireNonNull(unit);
      outputs = List.copyOf(outputs);
    }
  }

  /**
   * An output of a cluster.
   *
   * @param range of its sums
   * @param rescaling of the operator's result; none if that is what the unit emits
   */
  public record Output(ChannelRange range, Optional<Requantization> rescaling) {
    public Output {
      Objects.requireNonNull(range);
      Objects.requireNonNull(rescaling);
    }

    /** Every sum that the requantizer can be given. */
    public Interval sums() {
      return range.raw();
    }

    /** What has to become of a raw sum. */
    public int result(long raw) {
      long total = raw + range.constant();
      return rescaling.map(r -> r.apply(total)).orElseGet(() -> Math.toIntExact(total));
    }
  }

  private RequantizedSums(LoweredModel model) {
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    this.graph = model.graph();
    this.ranges = RangeAnalysis.analyze(graph, diagnostics);
  }

  /** Those of a design, unit by unit. */
  public static List<Cluster> of(LoweredModel model) {
    RequantizedSums sums = new RequantizedSums(Objects.requireNonNull(model));
    Set<Value> made = new HashSet<>();
    for (Unit unit : model.design().units()) {
      for (Stream stream : unit.outputs()) {
        LoweredModel.Meaning meaning = model.meanings().get(stream);
        // A unit behind the one that makes a value only reorders it.
        boolean makes = meaning != null && made.add(meaning.value());
        if (makes
            && unit instanceof WindowUnit window
            && window.operation() != WindowUnit.Operation.DOT) {
          sums.add(window, meaning);
        }
      }
    }
    return sums.clusters;
  }

  private void add(WindowUnit unit, LoweredModel.Meaning meaning) {
    Optional<Node> requantize =
        graph.producer(meaning.value()).filter(node -> node.op() instanceof Requantize);
    Value sum = requantize.map(node -> node.inputs().get(0)).orElse(meaning.value());
    List<ChannelRange> channels = ranges.accumulators().get(sum);
    int[] order = channels == null ? new int[0] : channels(sum, meaning);
    if (order.length == 0) {
      return;
    }
    List<Requantization> rescalings =
        requantize.map(node -> ((Requantize) node.op()).channels()).orElse(List.of());
    WindowNetlist netlist = WindowNetlist.of(unit);
    for (int group = 0; group < netlist.drainGroups().size(); group++) {
      WindowNetlist.DrainGroup drains = netlist.drainGroups().get(group);
      for (int number : drains.clusters()) {
        List<Output> outputs =
            netlist.channels(number).stream()
                .map(channel -> order[channel % order.length])
                .map(channel -> new Output(at(channels, channel), rescaling(rescalings, channel)))
                .toList();
        clusters.add(new Cluster(unit, group, number, !drains.isWhole(), outputs));
      }
    }
  }

  /**
   * The channel of each element of a pixel, in the order of the stream; none if pixels differ in
   * that.
   */
  private int[] channels(Value sum, LoweredModel.Meaning meaning) {
    Shape shape = sum.type().shape();
    AccumulatingOp op = (AccumulatingOp) graph.producer(sum).orElseThrow().op();
    int axis = op.channelAxis(shape.rank());
    int count = shape.dimension(axis);
    int stride = shape.strides()[axis];
    int[] ofElements = IntStream.range(0, shape.elements()).map(i -> i / stride % count).toArray();
    int[] streamed = meaning.order().toStream(ofElements);
    boolean repeats =
        IntStream.range(0, streamed.length).allMatch(i -> streamed[i] == streamed[i % count]);
    return repeats ? Arrays.copyOf(streamed, count) : new int[0];
  }

  private static Optional<Requantization> rescaling(List<Requantization> all, int channel) {
    return all.isEmpty() ? Optional.empty() : Optional.of(at(all, channel));
  }

  private static <T> T at(List<T> channels, int channel) {
    return channels.get(channel % channels.size());
  }
}
