// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Op;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** An integer convolution or dense layer of the new graph, made when somebody reads its sums. */
final class Layer {
  private final Node node;
  private final Op op;
  private final List<Value> terms;
  private final LayerBias bias;
  private Optional<Value> sums = Optional.empty();

  /**
   * A layer that is not made yet.
   *
   * @param node of the original graph
   * @param op the integer operator
   * @param terms what is multiplied: data and, if there are any, constant weights
   * @param bias what is added
   */
  Layer(Node node, Op op, List<Value> terms, LayerBias bias) {
    this.node = node;
    this.op = op;
    this.terms = List.copyOf(terms);
    this.bias = bias;
  }

  /** The int32 accumulators, with the bias. */
  Value sums(Rewrite rewrite) {
    if (sums.isEmpty()) {
      sums = Optional.of(rewrite.emit(node, op, operands(rewrite).toArray(Value[]::new)));
    }
    return sums.get();
  }

  /** The accumulators without a bias that is to be added in float. */
  Value sumsWithoutFloatBias(Rewrite rewrite) {
    return floatBias().isEmpty()
        ? sums(rewrite)
        : rewrite.emit(node, op, terms.toArray(Value[]::new));
  }

  /** What is to be added in float to the accumulators without it. */
  Optional<float[]> floatBias() {
    return bias.floats();
  }

  /** What is to be added in float wherever the result goes, if anything is. */
  Optional<float[]> unroundedBias() {
    return bias.unrounded();
  }

  private List<Value> operands(Rewrite rewrite) {
    List<Value> operands = new ArrayList<>(terms);
    bias.integers(rewrite).ifPresent(operands::add);
    return operands;
  }

  /** The layer again with some channels' sums negated. */
  Value negated(Rewrite rewrite, IntPredicate channels) {
    List<Value> operands = operands(rewrite);
    List<Value> changed = new ArrayList<>(operands.subList(0, 1));
    for (int i = 1; i < operands.size(); i++) {
      IntegerTensor stored =
          (IntegerTensor) rewrite.constant(operands.get(i)).orElseThrow().decode();
      changed.add(
          rewrite.constant(
              node,
              i == 1 ? "negated_weights" : "negated_bias",
              new DenseWeights(negated(stored, channels))));
    }
    return rewrite.emit(node, op, changed.toArray(Value[]::new));
  }

  private static IntegerTensor negated(IntegerTensor stored, IntPredicate channels) {
    int terms = stored.data().length / stored.shape().dimension(0);
    int[] data = stored.data().clone();
    for (int i = 0; i < data.length; i++) {
      data[i] = channels.test(i / terms) ? Math.negateExact(data[i]) : data[i];
    }
    IntegerType type = (IntegerType) stored.type().element();
    boolean fits = Arrays.stream(data).allMatch(type::contains);
    return new IntegerTensor(
        new TensorType(fits ? type : new IntegerType(type.bits() + 1, true), stored.shape()), data);
  }
}
