// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Concat;
import dev.etch.op.MaxPool2d;
import dev.etch.op.NearestResize2d;
import dev.etch.op.Op;
import dev.etch.op.Reshape;
import dev.etch.op.Slice;
import dev.etch.op.Transpose;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Other forms whose elements were moved, chosen or joined, which may as well be done after
 * quantizing them: reshaping, transposing, slicing, resizing, padding, concatenation, maximum
 * pooling.
 *
 * @param operands the forms
 * @param operator the operator on integers of a given quantization
 * @param node of the original graph
 */
record Moved(List<FloatForm> operands, Mover operator, Node node) implements FloatForm {
  /** Operators that only choose elements of one operand, whatever the elements are. */
  private static final Set<Class<? extends Op>> CHOOSERS =
      Set.of(NearestResize2d.class, Reshape.class, Slice.class, Transpose.class);

  /** Makes the operator that moves integers. */
  @FunctionalInterface
  interface Mover {
    Op on(Target target);
  }

  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    List<Value> integers = new ArrayList<>();
    for (FloatForm operand : operands) {
      Optional<Value> quantized = operand.quantize(rewrite, target);
      if (quantized.isEmpty()) {
        return Optional.empty();
      }
      integers.add(quantized.get());
    }
    return Optional.of(rewrite.emit(node, operator.on(target), integers.toArray(Value[]::new)));
  }

  /** One value that was moved or chosen from, without another one beside it. */
  @Override
  public Optional<Value> quantize(Rewrite rewrite, RealTarget target) {
    return before(target)
        .flatMap(moved -> operands.get(0).quantize(rewrite, moved))
        .map(integers -> rewrite.emit(node, node.op(), integers));
  }

  /** The target as the operand meets it; empty if the operator and the target do not commute. */
  private Optional<RealTarget> before(RealTarget target) {
    Shape operand = node.inputs().get(0).type().shape();
    if (node.op() instanceof MaxPool2d) {
      return target.isAscending() ? Optional.of(target) : Optional.empty();
    }
    if (CHOOSERS.contains(node.op().getClass()) && target.isPerTensor()) {
      return Optional.of(target);
    }
    if (!(node.op() instanceof Reshape) && !(node.op() instanceof Transpose)) {
      return Optional.empty();
    }
    return target
        .axis()
        .flatMap(
            axis ->
                node.op() instanceof Transpose transpose
                    ? Optional.of(transpose.permutation().get(axis))
                    : axisBefore(operand, node.output().type().shape(), axis))
        .map(target::withAxis);
  }

  /** The axis of a reshaped tensor that has the same extent and as many elements inside of it. */
  private static Optional<Integer> axisBefore(Shape from, Shape to, int axis) {
    for (int i = 0; i < from.rank(); i++) {
      if (from.dimension(i) == to.dimension(axis) && from.strides()[i] == to.strides()[axis]) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  /** With a common scale, if the operands' have one. */
  @Override
  public Optional<Dequantized> dequantized(Rewrite rewrite) {
    if (!(node.op() instanceof Concat)
        && !(node.op() instanceof MaxPool2d)
        && !CHOOSERS.contains(node.op().getClass())) {
      return Optional.empty();
    }
    List<Dequantized> plain = new ArrayList<>();
    for (FloatForm operand : operands) {
      operand
          .dequantized(rewrite)
          .filter(d -> d.quantization().isPerTensor())
          .ifPresent(plain::add);
    }
    return plain.size() < operands.size()
        ? Optional.empty()
        : CommonScale.ofOperands(plain, node, rewrite)
            .map(
                alike ->
                    new Dequantized(
                        rewrite.emit(
                            node,
                            node.op(),
                            alike.stream().map(Dequantized::integers).toArray(Value[]::new)),
                        alike.get(0).quantization()));
  }

  @Override
  public Value materialize(Rewrite rewrite, Node at) {
    return rewrite.emitFloat(at);
  }
}
