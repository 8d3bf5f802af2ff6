// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.BatchToSpace;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.Lookup;
import dev.etch.op.Op;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.SpaceToBatch;
import dev.etch.op.Window;
import dev.etch.pass.GraphRewriter;
import dev.etch.pass.Pass;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Convolutions of stride 1 between SpaceToBatch and BatchToSpace of the same blocks become
 * convolutions with that dilation, between a Pad and a Slice: a batch of every n-th element is a
 * dilation by n, as TensorFlow writes it.
 */
public final class BatchesToDilation implements Pass {
  /** Operators that do the same to every element of a channel. */
  private static final Set<Class<? extends Op>> OF_ELEMENTS =
      Set.of(Lookup.class, Requantize.class);

  /** All between a SpaceToBatch and its BatchToSpace. */
  private static final Set<Class<? extends Op>> KEEPING =
      Set.of(IntegerConv2d.class, Lookup.class, Requantize.class, Reshape.class);

  /**
   * A value of the new graph in place of a batch.
   *
   * @param blocks what one place of the batch is, on each axis
   */
  private record Unbatched(Value value, List<Integer> blocks) {}

  @Override
  public String name() {
    return "batches-to-dilation";
  }

  @Override
  public Graph run(Graph graph, DiagnosticCollector diagnostics) {
    Map<Value, Node> producers = graph.producers();
    return GraphRewriter.rewrite(
        graph,
        (node, rewriter) ->
            node.op() instanceof BatchToSpace op
                ? space(node, op, producers, rewriter)
                : Optional.empty());
  }

  private static Optional<Value> space(
      Node node, BatchToSpace op, Map<Value, Node> producers, GraphRewriter rewriter) {
    return unbatched(node.inputs().get(0), producers, rewriter)
        .filter(maps -> maps.blocks().equals(spread(op.blocks(), maps.blocks().size())))
        .map(Unbatched::value)
        .map(maps -> rewriter.addLike(node, op.crop(maps.type().shape()), List.of(maps)));
  }

  /** Blocks of the axes behind the batch's, as those of all axes. */
  private static List<Integer> spread(List<Integer> blocks, int rank) {
    List<Integer> all = new ArrayList<>(Collections.nCopies(rank, 1));
    for (int i = 0; i < blocks.size() && i + 1 < rank; i++) {
      all.set(i + 1, blocks.get(i));
    }
    return all;
  }

  /** The maps that a batch was cut from; empty if it was not, or by operators that mix blocks. */
  private static Optional<Unbatched> unbatched(
      Value batch, Map<Value, Node> producers, GraphRewriter rewriter) {
    List<Node> chain = new ArrayList<>();
    Node node = producers.get(batch);
    while (node != null && !(node.op() instanceof SpaceToBatch)) {
      if (!KEEPING.contains(node.op().getClass())) {
        return Optional.empty();
      }
      chain.add(0, node);
      node = producers.get(node.inputs().get(0));
    }
    if (node == null) {
      return Optional.empty();
    }
    Optional<Unbatched> maps = Optional.of(padded(node, (SpaceToBatch) node.op(), rewriter));
    for (Node next : chain) {
      maps = maps.flatMap(before -> after(next, before, rewriter));
    }
    return maps;
  }

  private static Unbatched padded(Node node, SpaceToBatch op, GraphRewriter rewriter) {
    Value operand = rewriter.mapped(node.inputs().get(0));
    int rank = operand.type().shape().rank();
    return new Unbatched(
        rewriter.addLike(node, op.pad(rank), List.of(operand)), spread(op.blocks(), rank));
  }

  private static Optional<Unbatched> after(Node node, Unbatched maps, GraphRewriter rewriter) {
    if (node.op() instanceof Reshape) {
      return reshaped(node, maps, rewriter);
    }
    if (OF_ELEMENTS.contains(node.op().getClass())) {
      return Optional.of(with(node, node.op(), maps, maps.blocks(), rewriter));
    }
    return node.op() instanceof IntegerConv2d conv
        ? dilated(conv, maps.blocks())
            .map(dilated -> with(node, dilated, maps, maps.blocks(), rewriter))
        : Optional.empty();
  }

  private static Unbatched with(
      Node node, Op op, Unbatched maps, List<Integer> blocks, GraphRewriter rewriter) {
    List<Value> operands = new ArrayList<>(List.of(maps.value()));
    node.inputs().stream().skip(1).map(rewriter::mapped).forEach(operands::add);
    return new Unbatched(rewriter.addLike(node, op, operands), blocks);
  }

  private static Optional<IntegerConv2d> dilated(IntegerConv2d conv, List<Integer> blocks) {
    Window window = conv.window();
    int rows = blocks.get(conv.layout().heightAxis());
    int columns = blocks.get(conv.layout().widthAxis());
    if (window.strideHeight() != 1
        || window.strideWidth() != 1
        || blocks.get(conv.layout().channelAxis()) != 1) {
      return Optional.empty();
    }
    Window wide =
        new Window(
            window.kernelHeight(),
            window.kernelWidth(),
            1,
            1,
            Math.multiplyExact(window.dilationHeight(), rows),
            Math.multiplyExact(window.dilationWidth(), columns),
            Math.multiplyExact(window.padTop(), rows),
            Math.multiplyExact(window.padLeft(), columns),
            Math.multiplyExact(window.padBottom(), rows),
            Math.multiplyExact(window.padRight(), columns));
    return Optional.of(
        new IntegerConv2d(wide, conv.layout(), conv.groups(), conv.inputZeroPoint()));
  }

  /** Axes of one element come and go, as one-dimensional convolutions have them. */
  private static Optional<Unbatched> reshaped(Node node, Unbatched maps, GraphRewriter rewriter) {
    Shape from = node.inputs().get(0).type().shape();
    Shape to = node.output().type().shape();
    List<Integer> kept = new ArrayList<>();
    for (int axis = 0; axis < from.rank(); axis++) {
      if (axis == 0 || from.dimension(axis) != 1) {
        kept.add(axis);
      } else if (maps.blocks().get(axis) != 1) {
        return Optional.empty();
      }
    }
    List<Integer> extents = new ArrayList<>();
    List<Integer> blocks = new ArrayList<>();
    int next = 0;
    for (int axis = 0; axis < to.rank(); axis++) {
      boolean unit = axis > 0 && to.dimension(axis) == 1;
      if (!unit && (next == kept.size() || to.dimension(axis) != from.dimension(kept.get(next)))) {
        return Optional.empty();
      }
      extents.add(unit ? 1 : maps.value().type().shape().dimension(kept.get(next)));
      blocks.add(unit ? 1 : maps.blocks().get(kept.get(next)));
      next += unit ? 0 : 1;
    }
    return next < kept.size()
        ? Optional.empty()
        : Optional.of(with(node, new Reshape(extents), maps, blocks, rewriter));
  }
}
