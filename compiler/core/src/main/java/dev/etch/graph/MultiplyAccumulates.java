// SPDX-License-Identifier: Apache-2.0
package dev.etch.graph;

import dev.etch.op.Conv2d;
import dev.etch.op.ConvTranspose2d;
import dev.etch.op.Dense;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.Op;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.Weights;
import java.util.Map;
import java.util.Set;

/**
 * Multiply-accumulates of one frame. Every weight meets every position of its output map once, also
 * where the window lies over padding: the usual way to count.
 *
 * @param all with zero weights
 * @param nonzero without them; equal to {@code all} where the weights are not constant
 */
public record MultiplyAccumulates(long all, long nonzero) {
  private static final Set<Class<? extends Op>> LAYERS =
      Set.of(
          Conv2d.class,
          ConvTranspose2d.class,
          IntegerConv2d.class,
          Dense.class,
          IntegerDense.class);

  /** No work. */
  public static final MultiplyAccumulates NONE = new MultiplyAccumulates(0, 0);

  /** The sum over a graph. */
  public static MultiplyAccumulates of(Graph graph) {
    Map<Value, Node> producers = graph.producers();
    MultiplyAccumulates sum = NONE;
    for (Node node : graph.nodes()) {
      sum = sum.plus(of(node, producers));
    }
    return sum;
  }

  /** Those of one node; {@link #NONE} if its operator has no weights. */
  public static MultiplyAccumulates of(Node node, Map<Value, Node> producers) {
    if (!LAYERS.contains(node.op().getClass())) {
      return NONE;
    }
    Value weights = node.inputs().get(1);
    long count = weights.type().shape().elements();
    int outputs = weights.type().shape().dimension(0);
    if (count == 0 || outputs == 0) {
      return NONE;
    }
    long positions = positions(node, weights);
    long nonzero =
        WeightSource.of(weights, producers)
            .map(Weights::decode)
            .map(MultiplyAccumulates::nonzero)
            .orElse(count);
    return new MultiplyAccumulates(positions * count, positions * nonzero);
  }

  /** Where a transposed convolution multiplies its weights is its input, not its output. */
  private static long positions(Node node, Value weights) {
    if (node.op() instanceof ConvTranspose2d transposed) {
      int inputs = weights.type().shape().dimension(1) * transposed.groups();
      return node.inputs().get(0).type().shape().elements() / inputs;
    }
    return node.output().type().shape().elements() / weights.type().shape().dimension(0);
  }

  /** Elements that are not zero. */
  public static long nonzero(Tensor tensor) {
    long count = 0;
    if (tensor instanceof IntegerTensor integers) {
      for (int value : integers.data()) {
        count += value == 0 ? 0 : 1;
      }
    } else {
      for (float value : ((FloatTensor) tensor).data()) {
        count += value == 0 ? 0 : 1;
      }
    }
    return count;
  }

  /** Both counts added. */
  public MultiplyAccumulates plus(MultiplyAccumulates other) {
    return new MultiplyAccumulates(all + other.all, nonzero + other.nonzero);
  }
}
