// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import dev.etch.compress.network.Network;
import dev.etch.compress.network.Parameters;
import dev.etch.compress.prune.ChannelSets.Cut;
import dev.etch.compress.prune.ChannelSets.Producer;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Constant;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Removes whole channels: rows of the weights that give them, columns of those that read them, and
 * all that is between. What is left computes exactly what the network does in which everything that
 * gives these channels is zero.
 *
 * @param network without the channels
 * @param kept for each constant that lost elements, by name, the numbers of those that stayed
 */
public record ChannelRemoval(Network network, Map<String, int[]> kept) {
  public ChannelRemoval {
    kept = Map.copyOf(kept);
  }

  /**
   * Keeps of each set of channels that go together those whose weights have the largest sum of
   * magnitudes, with that of a layer as the unit. Source: H. Li, A. Kadav, I. Durdanovic, H. Samet,
   * H. P. Graf, Pruning Filters for Efficient ConvNets, ICLR 2017.
   *
   * @param densities part of its channels that each layer keeps; the first layer of a set decides
   */
  public static ChannelRemoval smallest(Network network, Densities densities) {
    densities.counts(network);
    ChannelSets sets = new ChannelSets(network);
    Parameters parameters = network.parameters();
    Map<Integer, boolean[]> kept = new LinkedHashMap<>();
    sets.removable()
        .forEach(
            (set, producers) -> {
              int channels = producers.get(0).place().count();
              double part =
                  densities
                      .byLayer()
                      .getOrDefault(producers.get(0).node().name(), densities.others());
              int count = (int) Math.max(1, Math.round(part * channels));
              kept.put(set, Magnitudes.largest(norms(producers, parameters), count).kept());
            });
    return of(sets, kept);
  }

  private static float[] norms(List<Producer> producers, Parameters parameters) {
    int channels = producers.get(0).place().count();
    double[] norms = new double[channels];
    for (Producer producer : producers) {
      float[] weights = parameters.get(producer.weights());
      double all = 0;
      double[] own = new double[channels];
      for (int i = 0; i < weights.length; i++) {
        own[i / (weights.length / channels)] += Math.abs(weights[i]);
        all += Math.abs(weights[i]);
      }
      for (int channel = 0; channel < channels; channel++) {
        norms[channel] += all == 0 ? 0 : own[channel] / all;
      }
    }
    float[] result = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      result[channel] = (float) norms[channel];
    }
    return result;
  }

  private static ChannelRemoval of(ChannelSets sets, Map<Integer, boolean[]> keptBySet) {
    Network network = sets.network();
    GraphBuilder builder = new GraphBuilder(network.graph().name());
    Map<String, int[]> keptByName = new LinkedHashMap<>();
    Map<Value, Value> values = new HashMap<>();
    values.put(network.input(), builder.input(network.input().name(), network.input().type()));
    for (Node node : network.graph().nodes()) {
      if (!(node.op() instanceof Constant)) {
        add(node, sets, keptBySet, values, keptByName, builder);
      }
    }
    network.graph().outputs().forEach(output -> builder.output(values.get(output)));
    return new ChannelRemoval(new Network(builder.build()), keptByName);
  }

  private static void add(
      Node node,
      ChannelSets sets,
      Map<Integer, boolean[]> keptBySet,
      Map<Value, Value> values,
      Map<String, int[]> keptByName,
      GraphBuilder builder) {
    ChannelSets.Rewrite rewrite = sets.rewrite(node);
    Value[] operands = new Value[node.inputs().size()];
    for (int i = 0; i < operands.length; i++) {
      Value operand = node.inputs().get(i);
      if (!values.containsKey(operand)) {
        List<Cut> cuts = rewrite.cuts().getOrDefault(i, List.of());
        values.put(operand, constant(operand, cuts, sets, keptBySet, keptByName, builder));
      }
      operands[i] = values.get(operand);
    }
    Value result =
        builder.add(
            node.name(),
            node.output().name(),
            rewrite.op().apply(place -> sets.kept(place, keptBySet)),
            node.location(),
            operands);
    values.put(node.output(), result);
  }

  private static Value constant(
      Value value,
      List<Cut> cuts,
      ChannelSets sets,
      Map<Integer, boolean[]> keptBySet,
      Map<String, int[]> keptByName,
      GraphBuilder builder) {
    Node producer = sets.network().graph().producer(value).orElseThrow();
    int[] numbers = numbers(value.type().shape(), cuts, sets, keptBySet);
    if (numbers.length == value.type().shape().elements()) {
      return builder.add(producer.name(), value.name(), producer.op(), producer.location());
    }
    keptByName.put(value.name(), numbers);
    float[] data =
        ((FloatTensor) sets.network().graph().constant(value).orElseThrow().decode()).data();
    float[] left = new float[numbers.length];
    for (int i = 0; i < left.length; i++) {
      left[i] = data[numbers[i]];
    }
    List<Integer> extents = new ArrayList<>(value.type().shape().dimensions());
    for (Cut cut : cuts) {
      int extent = extents.get(cut.axis());
      extents.set(cut.axis(), extent / cut.place().count() * count(cut, sets, keptBySet));
    }
    return builder.constant(
        value.name(), FloatTensor.of(new Shape(extents), left), producer.location());
  }

  private static int count(Cut cut, ChannelSets sets, Map<Integer, boolean[]> keptBySet) {
    return new Mask(sets.kept(cut.place(), keptBySet)).count();
  }

  private static int[] numbers(
      Shape shape, List<Cut> cuts, ChannelSets sets, Map<Integer, boolean[]> keptBySet) {
    int[] numbers = new int[shape.elements()];
    int count = 0;
    for (int i = 0; i < numbers.length; i++) {
      boolean stays = true;
      for (Cut cut : cuts) {
        int along = i / shape.strides()[cut.axis()] % shape.dimension(cut.axis());
        int channel = along / cut.place().inner() % cut.place().count();
        stays &= sets.kept(cut.place(), keptBySet)[channel];
      }
      if (stays) {
        numbers[count++] = i;
      }
    }
    return Arrays.copyOf(numbers, count);
  }
}
