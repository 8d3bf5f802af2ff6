// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Linear;
import dev.etch.op.requantization.RealStep;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The product of two quantized tensors is an exact integer product; that of two functions of one
 * tensor (SiLU: x times its sigmoid) is another function of it. A constant that was quantized may
 * also scale what is no quantized tensor, such as the sums of a layer.
 */
final class MultiplyToInteger implements IntegerRule {
  @Override
  public Optional<FloatForm> apply(Node node, Rewrite rewrite) {
    Optional<FloatForm> table = functions(node, rewrite);
    if (table.isPresent()) {
      return table;
    }
    Optional<Dequantized> left = operand(node, 0, rewrite);
    Optional<Dequantized> right = operand(node, 1, rewrite);
    if (left.isPresent() && right.isPresent()) {
      return Optional.of(new Multiplied(node, left.get(), right.get()));
    }
    return scaled(node, 0, rewrite).or(() -> scaled(node, 1, rewrite));
  }

  private static Optional<Dequantized> operand(Node node, int index, Rewrite rewrite) {
    return rewrite.activation(node.inputs().get(index));
  }

  /** The product of two functions of the same integers, unless both are plainly dequantized. */
  private static Optional<FloatForm> functions(Node node, Rewrite rewrite) {
    Optional<FloatForm> left = rewrite.form(node.inputs().get(0));
    Optional<FloatForm> right = rewrite.form(node.inputs().get(1));
    boolean plain =
        left.isEmpty()
            || right.isEmpty()
            || (left.get() instanceof Dequantized && right.get() instanceof Dequantized);
    return plain
        ? Optional.empty()
        : left.get()
            .tabulated()
            .flatMap(l -> right.get().tabulated().flatMap(l::times))
            .map(FloatForm.class::cast);
  }

  private static Optional<FloatForm> scaled(Node node, int constant, Rewrite rewrite) {
    Value other = node.inputs().get(1 - constant);
    if (!other.type().shape().equals(node.output().type().shape())) {
      return Optional.empty();
    }
    return rewrite
        .constantIntegers(node.inputs().get(constant))
        .filter(factor -> factor.quantization().isPerTensor())
        .flatMap(factor -> linear(factor, other.type().shape()))
        .flatMap(op -> rewrite.form(other).map(form -> new Scaled(node, form, op)));
  }

  /** The factors as they are along one axis of {@code shape}; empty if they differ along two. */
  private static Optional<Linear> linear(Rewrite.ConstantIntegers factor, Shape shape) {
    FloatTensor floats = factor.floats();
    List<RealStep.Linear> channels = new ArrayList<>();
    for (float value : floats.data()) {
      channels.add(new RealStep.Linear(1, value, 0));
    }
    int missing = shape.rank() - floats.shape().rank();
    int axis = 0;
    for (int i = 0; i < floats.shape().rank(); i++) {
      if (floats.shape().dimension(i) == channels.size()) {
        axis = i + missing;
      }
    }
    boolean oneAxis = channels.size() == 1 || shape.dimension(axis) == channels.size();
    return oneAxis
        ? Optional.of(new Linear(channels, channels.size() == 1 ? 0 : axis))
        : Optional.empty();
  }
}
