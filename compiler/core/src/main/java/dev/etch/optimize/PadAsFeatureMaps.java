// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Pad;
import dev.etch.op.Reshape;
import dev.etch.pass.GraphRewriter;
import dev.etch.pass.Pass;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Padding of any rank becomes padding of a feature map, which hardware knows: axes of extent 1 that
 * are not padded are left out, and what is left, at most three axes, stands for rows, columns and
 * channels. Two axes become the first and the last of them, so that channels may be either.
 */
public final class PadAsFeatureMaps implements Pass {
  private static final int MOST_AXES = 3;

  @Override
  public String name() {
    return "pad-as-feature-maps";
  }

  @Override
  public Graph run(Graph graph, DiagnosticCollector diagnostics) {
    return GraphRewriter.rewrite(graph, PadAsFeatureMaps::replace);
  }

  private static Optional<Value> replace(Node node, GraphRewriter rewriter) {
    if (!(node.op() instanceof Pad pad)) {
      return Optional.empty();
    }
    Value operand = node.inputs().get(0);
    Shape shape = operand.type().shape();
    boolean isMap = shape.rank() == 4 && pad.before().get(0) == 0 && pad.after().get(0) == 0;
    List<Integer> axes = axes(pad, shape);
    if (isMap || !(operand.type().element() instanceof IntegerType) || axes.size() > MOST_AXES) {
      return Optional.empty();
    }
    Pad padded = new Pad(map(pad.before(), axes, 0), map(pad.after(), axes, 0), pad.value());
    List<Integer> extents = map(shape.dimensions(), axes, 1);
    Value map = rewriter.addLike(node, new Reshape(extents), List.of(rewriter.mapped(operand)));
    Value result = rewriter.addLike(node, padded, List.of(map));
    Reshape back = new Reshape(node.output().type().shape().dimensions());
    return Optional.of(rewriter.addLike(node, back, List.of(result)));
  }

  private static List<Integer> axes(Pad pad, Shape shape) {
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      boolean isPadded = pad.before().get(axis) != 0 || pad.after().get(axis) != 0;
      if (isPadded || shape.dimension(axis) != 1) {
        axes.add(axis);
      }
    }
    return axes;
  }

  /** The values of these axes as those of [batch, first, second, third]. */
  private static List<Integer> map(List<Integer> values, List<Integer> axes, int absent) {
    List<Integer> kept = axes.stream().map(values::get).toList();
    return switch (kept.size()) {
      case 0 -> List.of(absent, absent, absent, absent);
      case 1 -> List.of(absent, absent, absent, kept.get(0));
      case 2 -> List.of(absent, kept.get(0), absent, kept.get(1));
      default -> List.of(absent, kept.get(0), kept.get(1), kept.get(2));
    };
  }
}
