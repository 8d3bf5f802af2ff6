// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Op;
import dev.etch.op.Quantization;
import dev.etch.op.Transpose;
import java.util.List;
import java.util.Optional;

/**
 * Reshape, Transpose, Slice, resizing and maximum pooling do to integers what they do to the floats
 * that these stand for, since quantization never decreases.
 */
final class MoveToInteger implements IntegerRule {
  @Override
  public Optional<FloatForm> apply(Node node, Rewrite rewrite) {
    return rewrite.form(node.inputs().get(0)).flatMap(form -> moved(node, form, rewrite));
  }

  private static Optional<FloatForm> moved(Node node, FloatForm form, Rewrite rewrite) {
    if (!(form instanceof Dequantized operand)) {
      return Optional.of(new Moved(List.of(form), target -> node.op(), node));
    }
    return quantization(node.op(), operand.quantization())
        .map(
            quantization ->
                new Dequantized(rewrite.emit(node, node.op(), operand.integers()), quantization));
  }

  /** The quantization of the moved integers; empty if the channels' axis does not survive. */
  private static Optional<Quantization> quantization(Op op, Quantization before) {
    if (before.isPerTensor() || op instanceof MaxPool2d) {
      return Optional.of(before);
    }
    if (op instanceof Transpose transpose) {
      int axis = transpose.permutation().indexOf(before.axis());
      return Optional.of(
          new Quantization(before.type(), before.scales(), before.zeroPoints(), axis));
    }
    return Optional.empty();
  }
}
