// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.quantize;

import dev.etch.compress.network.Network;
import dev.etch.compress.network.Parameters;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.AveragePool2d;
import dev.etch.op.Conv2d;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Op;
import dev.etch.op.ReduceMean2d;
import dev.etch.op.Relu;
import dev.etch.op.Reshape;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives the channels between two layers ranges that are alike: a channel's weights are divided by a
 * factor in the layer that gives it, and multiplied by it in the one that reads it, so that one
 * scale serves the whole tensor. ReLU, pools and reshapes between do not mind. Factors are powers
 * of two, so the network computes the same floats, bit by bit, unless numbers leave the normal
 * range. Source: M. Nagel, M. van Baalen, T. Blankevoort, M. Welling, Data-Free Quantization
 * Through Weight Equalization and Bias Correction, ICCV 2019.
 */
public final class Equalization {
  private static final Set<Class<? extends Op>> HOMOGENEOUS =
      Set.of(Relu.class, MaxPool2d.class, AveragePool2d.class, ReduceMean2d.class, Reshape.class);

  private static final int MOST_ROUNDS = 20;

  /**
   * A layer whose channels only another one reads.
   *
   * @param inner elements of a channel in what the second layer reads, if that is dense
   */
  private record Pair(WeightedLayer first, WeightedLayer second, int inner) {
    int channels() {
      return first.shape().dimension(0);
    }

    /** The channel that a weight of the second layer reads. */
    int channel(int index) {
      int inputs = second.size() / second.shape().dimension(0);
      if (second.node().op() instanceof Conv2d op) {
        int places = op.window().kernelHeight() * op.window().kernelWidth();
        return op.groups() == 1 ? index % inputs / places : index / inputs;
      }
      return index % inputs / inner % channels();
    }
  }

  private final Network network;
  private final Parameters parameters;

  private Equalization(Network network) {
    this.network = network;
    this.parameters = network.parameters().copy();
  }

  /** The network with weights and biases that are equalized. */
  public static Network of(Network network) {
    Equalization equalization = new Equalization(network);
    List<Pair> pairs = equalization.pairs();
    boolean changes = true;
    for (int round = 0; changes && round < MOST_ROUNDS; round++) {
      changes = false;
      for (Pair pair : pairs) {
        changes |= equalization.equalize(pair);
      }
    }
    return network.with(equalization.parameters);
  }

  private List<Pair> pairs() {
    Map<Value, List<Node>> readers = network.graph().consumers();
    List<Pair> pairs = new ArrayList<>();
    for (WeightedLayer layer : network.layers()) {
      pair(layer, readers).ifPresent(pairs::add);
    }
    return pairs;
  }

  private Optional<Pair> pair(WeightedLayer layer, Map<Value, List<Node>> readers) {
    if (layer.bias().isEmpty() && layer.node().inputs().size() > 2) {
      return Optional.empty();
    }
    Value value = layer.node().output();
    int inner = inner(layer.node().op(), value.type().shape());
    while (true) {
      List<Node> nodes = readers.getOrDefault(value, List.of());
      if (nodes.size() != 1 || network.graph().outputs().contains(value)) {
        return Optional.empty();
      }
      Node node = nodes.get(0);
      if (!HOMOGENEOUS.contains(node.op().getClass())) {
        int elements = inner;
        return network.layers().stream()
            .filter(next -> next.node().equals(node) && takes(layer, next))
            .findFirst()
            .map(next -> new Pair(layer, next, elements));
      }
      value = node.output();
      inner = inner(node.op(), value.type().shape(), inner, layer);
    }
  }

  /** A convolution of groups reads channels one by one, or is none that this is about. */
  private static boolean takes(WeightedLayer layer, WeightedLayer next) {
    return !(next.node().op() instanceof Conv2d op)
        || op.groups() == 1
        || op.groups() == layer.shape().dimension(0);
  }

  private static int inner(Op op, Shape shape) {
    return op instanceof Conv2d convolution
        ? shape.strides()[convolution.layout().channelAxis()]
        : 1;
  }

  /** Pools leave fewer elements of a channel; reshapes leave the order of all elements. */
  private static int inner(Op op, Shape shape, int before, WeightedLayer layer) {
    boolean isReshaped = op instanceof Reshape || before == 1 || shape.rank() != 4;
    return isReshaped ? before : shape.elements() / layer.shape().dimension(0);
  }

  private boolean equalize(Pair pair) {
    float[] first = parameters.get(pair.first().weights());
    float[] second = parameters.get(pair.second().weights());
    int length = first.length / pair.channels();
    float[] gives = new float[pair.channels()];
    float[] reads = new float[pair.channels()];
    for (int i = 0; i < first.length; i++) {
      gives[i / length] = Math.max(gives[i / length], Math.abs(first[i]));
    }
    for (int i = 0; i < second.length; i++) {
      int channel = pair.channel(i);
      reads[channel] = Math.max(reads[channel], Math.abs(second[i]));
    }
    int[] exponents = new int[pair.channels()];
    boolean changes = false;
    for (int channel = 0; channel < exponents.length; channel++) {
      exponents[channel] = exponent(gives[channel], reads[channel]);
      changes |= exponents[channel] != 0;
    }
    scale(pair, exponents);
    return changes;
  }

  /** Of the factor {@code sqrt(gives / reads)} after which both ranges are equal. */
  private static int exponent(float gives, float reads) {
    return gives == 0 || reads == 0
        ? 0
        : (int) Math.rint(Math.log((double) gives / reads) / Math.log(2) / 2);
  }

  private void scale(Pair pair, int[] exponents) {
    float[] first = parameters.get(pair.first().weights());
    int length = first.length / pair.channels();
    for (int i = 0; i < first.length; i++) {
      first[i] = Math.scalb(first[i], -exponents[i / length]);
    }
    pair.first()
        .bias()
        .map(parameters::get)
        .ifPresent(
            bias -> {
              for (int i = 0; i < bias.length; i++) {
                bias[i] = Math.scalb(bias[i], -exponents[i]);
              }
            });
    float[] second = parameters.get(pair.second().weights());
    for (int i = 0; i < second.length; i++) {
      second[i] = Math.scalb(second[i], exponents[pair.channel(i)]);
    }
  }
}
