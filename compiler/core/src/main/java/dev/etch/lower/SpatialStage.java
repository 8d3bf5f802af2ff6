// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.FrameOrder;
import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.hardware.requantizer.Offset;
import dev.etch.lower.WindowLayer.Frame;
import dev.etch.lower.WindowLayer.Tap;
import dev.etch.op.Layout;
import dev.etch.op.Window;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What convolution and pooling share: a window that slides over rows and columns. */
record SpatialStage(
    Node node, PlanBuilder plan, Layout layout, Window window, Optional<Partial> partial) {

  /** Sums of parts of the operand, with which a stage works on. */
  record Partial(Frame frame, Edge edge) {}

  /** A stage that reads the node's operand itself. */
  static SpatialStage ofOperand(Node node, PlanBuilder plan, Layout layout, Window window) {
    return new SpatialStage(node, plan, layout, window, Optional.empty());
  }

  private Shape inputShape() {
    return node.inputs().get(0).type().shape();
  }

  int channels() {
    return inputShape().dimension(layout.channelAxis());
  }

  /** Whether one output pixel covers the map without padding. */
  boolean isWholeMap() {
    return !window.isPadded()
        && window.kernelHeight() == frame().height()
        && window.kernelWidth() == frame().width();
  }

  /** Terms of an output pixel. */
  long terms() {
    return (long) window.kernelHeight() * window.kernelWidth() * channels();
  }

  /**
   * Adds a stage that sums blocks of the map, and returns the stage that sums what is left.
   *
   * @param rows of a block; divides the map's
   * @param columns of a block; divides the map's
   * @param sums type of every sum
   */
  SpatialStage addPartial(int rows, int columns, IntegerType sums) {
    Window block = new Window(rows, columns, rows, columns, 1, 1, 0, 0, 0, 0);
    SpatialStage stage = new SpatialStage(node, plan, layout, block, partial);
    Frame left = new Frame(frame().height() / rows, frame().width() / columns, channels());
    Edge output =
        plan.intermediate(
            node.inputs().get(0), FrameOrder.rowMajor(left.elements()), sums, channels());
    plan.add(
        new Stage.OfWindow(
            plan.layer(node.name() + ".part"),
            "pool",
            input(),
            output,
            new WindowLayer(
                Operation.SUM,
                frame(),
                block,
                0,
                stage.wholeKernel(),
                sums,
                Requantizers.of(new Offset(List.of(0L))),
                WindowLayer.ONE_PRODUCT,
                Optional.empty())));
    Window rest = Window.of(left.height(), left.width());
    return new SpatialStage(node, plan, layout, rest, Optional.of(new Partial(left, output)));
  }

  private Edge input() {
    return partial
        .map(Partial::edge)
        .orElseGet(
            () ->
                plan.inOrder(
                    node,
                    node.inputs().get(0),
                    Orders.rowsColumnsChannels(inputShape(), layout),
                    channels()));
  }

  /** The map that comes in. */
  Frame frame() {
    return partial.map(Partial::frame).orElseGet(this::operandFrame);
  }

  private Frame operandFrame() {
    return new Frame(
        inputShape().dimension(layout.heightAxis()),
        inputShape().dimension(layout.widthAxis()),
        channels());
  }

  /** Every output channel reads its own input channel under the whole kernel. */
  List<List<Tap>> wholeKernel() {
    List<List<Tap>> taps = new ArrayList<>();
    for (int channel = 0; channel < channels(); channel++) {
      List<Tap> ofChannel = new ArrayList<>();
      for (int row = 0; row < window.kernelHeight(); row++) {
        for (int column = 0; column < window.kernelWidth(); column++) {
          ofChannel.add(
              new Tap(row * window.dilationHeight(), column * window.dilationWidth(), channel, 1));
        }
      }
      taps.add(ofChannel);
    }
    return taps;
  }

  /**
   * A stage that sums raw inputs; zero points and bias are in the requantizer.
   *
   * @param loaded if the host loads weights
   */
  void addAccumulating(
      String kind,
      Operation operation,
      int padValue,
      List<List<Tap>> taps,
      Optional<LoadableWeights> loaded) {
    Value raw = node.output();
    Optional<Node> requantize = plan.takeRequantize(raw);
    Requantizers requantizers = plan.requantizers(raw, requantize);
    Value result = requantize.map(Node::output).orElse(raw);
    IntegerType accumulator = plan.arithmetic().accumulator(raw);
    add(kind, operation, padValue, taps, accumulator, result, requantizers, loaded);
  }

  void add(
      String kind,
      Operation operation,
      int padValue,
      List<List<Tap>> taps,
      IntegerType accumulator,
      Value result,
      Requantizers requantizers,
      Optional<LoadableWeights> loaded) {
    final Edge input = input();
    Edge output =
        plan.declare(
            result, Orders.rowsColumnsChannels(result.type().shape(), layout), taps.size());
    plan.add(
        new Stage.OfWindow(
            plan.layer(node.name()),
            kind,
            input,
            output,
            new WindowLayer(
                operation,
                frame(),
                window,
                padValue,
                taps,
                accumulator,
                requantizers,
                WindowLayer.ONE_PRODUCT,
                loaded)));
  }
}
