// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.Reshape;
import dev.etch.op.Transpose;
import dev.etch.op.Window;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The operand of a reduction as feature maps whose rows and columns are reduced.
 *
 * @param maps of shape [before, reduced, reduced, after]
 */
record ReducedMaps(Value maps) {
  private static final int AXES = 1;

  /** The operand of {@code node}, whose axes are brought together first if others are between. */
  static ReducedMaps of(OperatorContext node) {
    node.operands(2, 2);
    Value x = node.value(0);
    TreeSet<Integer> axes = axes(node, x.type().shape().rank());
    if (axes.last() - axes.first() + 1 != axes.size()) {
      List<Integer> permutation = together(axes, x.type().shape().rank());
      x = node.emit("together", new Transpose(permutation), x);
      axes = neighbours(axes);
    }
    Shape maps = maps(x.type().shape(), axes);
    return new ReducedMaps(
        x.type().shape().equals(maps) ? x : node.emit("maps", new Reshape(maps.dimensions()), x));
  }

  /** The window that takes all in. */
  Window window() {
    Shape shape = maps.type().shape();
    return Window.of(shape.dimension(1), shape.dimension(2));
  }

  /** Elements of a window. */
  int count() {
    return maps.type().shape().dimension(1) * maps.type().shape().dimension(2);
  }

  private static TreeSet<Integer> axes(OperatorContext node, int rank) {
    TreeSet<Integer> axes = new TreeSet<>();
    for (int axis : node.numbers(AXES)) {
      axes.add(axis < 0 ? axis + rank : axis);
    }
    boolean inside = !axes.isEmpty() && axes.first() >= 0 && axes.last() < rank;
    if (!inside) {
      throw new Refusal("it averages over axes " + axes, "an axis is from 0 to " + (rank - 1));
    }
    return axes;
  }

  /** The permutation that puts all averaged axes where the first of them is. */
  private static List<Integer> together(TreeSet<Integer> axes, int rank) {
    List<Integer> permutation = new ArrayList<>();
    IntStream.range(0, axes.first()).forEach(permutation::add);
    permutation.addAll(axes);
    IntStream.range(axes.first(), rank)
        .filter(axis -> !axes.contains(axis))
        .forEach(permutation::add);
    return permutation;
  }

  private static TreeSet<Integer> neighbours(TreeSet<Integer> axes) {
    return IntStream.range(axes.first(), axes.first() + axes.size())
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The operand as [before, averaged, averaged, after]; rows and columns stay what they are. */
  private static Shape maps(Shape shape, TreeSet<Integer> axes) {
    int first = axes.first();
    int end = axes.last() + 1;
    int height = product(shape, first, Math.min(first + 1, end));
    return Shape.of(
        product(shape, 0, first),
        height,
        product(shape, Math.min(first + 1, end), end),
        product(shape, end, shape.rank()));
  }

  private static int product(Shape shape, int from, int to) {
    return shape.dimensions().subList(from, to).stream().reduce(1, Math::multiplyExact);
  }
}
