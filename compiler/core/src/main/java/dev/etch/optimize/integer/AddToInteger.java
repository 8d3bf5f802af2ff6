// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Broadcast;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.Optional;

/**
 * The sum of two quantized tensors. A constant operand is broadcast here; others are where they are
 * added.
 */
final class AddToInteger implements IntegerRule {
  @Override
  public Optional<FloatForm> apply(Node node, Rewrite rewrite) {
    Optional<Dequantized> left = operand(node, 0, rewrite);
    Optional<Dequantized> right = operand(node, 1, rewrite);
    if (left.isEmpty() && right.isPresent()) {
      return summed(node, 0, right.get(), rewrite);
    }
    if (right.isEmpty() && left.isPresent()) {
      return summed(node, 1, left.get(), rewrite);
    }
    if (left.isEmpty()) {
      return Optional.empty();
    }
    boolean swapped =
        Broadcast.isScalarInside(
            node.inputs().get(0).type().shape(), node.inputs().get(1).type().shape());
    return Optional.of(
        swapped
            ? new Summed(node, right.get(), left.get())
            : new Summed(node, left.get(), right.get()));
  }

  private static Optional<FloatForm> summed(
      Node node, int layer, Dequantized other, Rewrite rewrite) {
    Shape shape = node.output().type().shape();
    return rewrite
        .form(node.inputs().get(layer))
        .filter(form -> form instanceof Accumulated)
        .filter(form -> node.inputs().get(layer).type().shape().equals(shape))
        .map(form -> new SummedLayer(node, (Accumulated) form, other));
  }

  private static Optional<Dequantized> operand(Node node, int index, Rewrite rewrite) {
    Shape shape = node.output().type().shape();
    return rewrite
        .activation(node.inputs().get(index))
        .flatMap(
            d ->
                d.integers().type().shape().equals(shape)
                    ? Optional.of(d)
                    : Optional.of(broadcast(node, index, d, shape, rewrite).orElse(d)));
  }

  private static Optional<Dequantized> broadcast(
      Node node, int index, Dequantized operand, Shape shape, Rewrite rewrite) {
    return rewrite
        .constant(operand.integers())
        .map(weights -> (IntegerTensor) weights.decode())
        .map(
            tensor -> {
              TensorType type = new TensorType(tensor.type().element(), shape);
              IntegerTensor full = new IntegerTensor(type, broadcast(tensor, shape));
              Value value = rewrite.constant(node, "operand" + index, new DenseWeights(full));
              return new Dequantized(value, operand.quantization());
            });
  }

  private static int[] broadcast(IntegerTensor tensor, Shape shape) {
    int[] data = new int[shape.elements()];
    int[] strides = shape.strides();
    int[] from = tensor.shape().strides();
    int missing = shape.rank() - tensor.shape().rank();
    for (int i = 0; i < data.length; i++) {
      int at = 0;
      for (int axis = missing; axis < shape.rank(); axis++) {
        if (tensor.shape().dimension(axis - missing) > 1) {
          at += i / strides[axis] % shape.dimension(axis) * from[axis - missing];
        }
      }
      data[i] = tensor.data()[at];
    }
    return data;
  }
}
