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
 * The operand of a reduction as one feature map with a window over what is reduced. Axes before the
 * reduced ones become the rows, so that they are no batch.
 *
 * @param maps of shape [1, reduced, reduced, after] or [1, before, reduced, after]
 * @param rows that are reduced together
 */
record ReducedMaps(Value maps, int rows) {
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
    boolean hasRowsBefore = product(x.type().shape(), 0, axes.first()) > 1;
    return new ReducedMaps(
        x.type().shape().equals(maps) ? x : node.emit("maps", new Reshape(maps.dimensions()), x),
        hasRowsBefore ? 1 : maps.dimension(1));
  }

  /** The window over one result. */
  Window window() {
    int columns = maps.type().shape().dimension(2);
    return new Window(rows, columns, rows, columns, 1, 1, 0, 0, 0, 0);
  }

  /** Elements of a window. */
  int count() {
    return rows * maps.type().shape().dimension(2);
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

  private static Shape maps(Shape shape, TreeSet<Integer> axes) {
    int first = axes.first();
    int end = axes.last() + 1;
    int before = product(shape, 0, first);
    int after = product(shape, end, shape.rank());
    return before > 1
        ? Shape.of(1, before, product(shape, first, end), after)
        : Shape.of(1, shape.dimension(first), product(shape, first + 1, end), after);
  }

  private static int product(Shape shape, int from, int to) {
    return shape.dimensions().subList(from, to).stream().reduce(1, Math::multiplyExact);
  }
}
