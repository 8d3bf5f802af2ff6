// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.op.AccumulatingOp;
import dev.etch.op.Constant;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.Requantization;
import dev.etch.pass.GraphRewriter;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.IntegerTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A network as another training would leave it: the weights and biases of each layer in another
 * order, some of them zero, and its channels' scales.
 */
final class AnotherTraining {
  private static final double ZEROS = 0.2;

  private final Random random;
  private final Graph graph;
  private final Set<Value> weights = new HashSet<>();

  private AnotherTraining(Graph graph, long seed) {
    this.random = new Random(seed);
    this.graph = graph;
    for (Node node : graph.nodes()) {
      if (node.op() instanceof AccumulatingOp) {
        weights.addAll(node.inputs().subList(1, node.inputs().size()));
      }
    }
  }

  static PartitionedModel of(PartitionedModel model, long seed) {
    Graph graph = model.accelerator();
    AnotherTraining other = new AnotherTraining(graph, seed);
    return new PartitionedModel(
        model.whole(), model.before(), GraphRewriter.rewrite(graph, other::replace), model.after());
  }

  private Optional<Value> replace(Node node, GraphRewriter rewriter) {
    if (node.op() instanceof Constant constant && weights.contains(node.output())) {
      IntegerTensor old = (IntegerTensor) constant.weights().decode();
      Constant other = new Constant(new DenseWeights(shuffled(old)));
      return Optional.of(rewriter.addLike(node, other, List.of()));
    }
    // Where no weights are in front, scales may be constants.
    boolean hasWeights =
        !node.inputs().isEmpty()
            && graph.producer(node.inputs().get(0)).filter(l -> l.inputs().size() > 1).isPresent();
    if (node.op() instanceof Requantize requantize && hasWeights) {
      List<Requantization> channels = new ArrayList<>(requantize.channels());
      Collections.shuffle(channels, random);
      Requantize other = new Requantize(channels, requantize.channelAxis(), requantize.output());
      return Optional.of(rewriter.addLike(node, other, operands(node, rewriter)));
    }
    return Optional.empty();
  }

  private static List<Value> operands(Node node, GraphRewriter rewriter) {
    return node.inputs().stream().map(rewriter::mapped).toList();
  }

  private IntegerTensor shuffled(IntegerTensor old) {
    List<Integer> values = Arrays.stream(old.data()).boxed().collect(Collectors.toList());
    Collections.shuffle(values, random);
    int[] data = values.stream().mapToInt(v -> random.nextDouble() < ZEROS ? 0 : v).toArray();
    return new IntegerTensor(old.type(), data);
  }
}
