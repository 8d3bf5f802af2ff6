// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.hardware.requantizer.Offset;
import dev.etch.lower.WindowLayer.Frame;
import dev.etch.lower.WindowLayer.Tap;
import dev.etch.op.Layout;
import dev.etch.op.Pad;
import dev.etch.op.Window;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Padding of its own: a unit whose writer inserts the padding and whose lanes copy. Padded channels
 * are outputs without terms, to which the requantizer adds the value.
 */
final class PadLowering implements OperatorLowering {
  @Override
  public void validate(Node node, Graph graph, DiagnosticCollector diagnostics) {
    Pad op = (Pad) node.op();
    Shape shape = node.inputs().get(0).type().shape();
    boolean spatial = shape.rank() == 4 && op.before().get(0) == 0 && op.after().get(0) == 0;
    if (!spatial) {
      diagnostics.error(
          node.location(),
          "padding of a tensor of shape " + shape,
          "pad only rows, columns or channels of a batch of one feature map");
    }
    boolean crops =
        op.before().stream().anyMatch(b -> b < 0) || op.after().stream().anyMatch(a -> a < 0);
    if (crops) {
      diagnostics.error(node.location(), "negative padding", "crop with a smaller layer in front");
    }
    if (shape.rank() > 0) {
      OperatorLowering.requireSingleFrame(node, diagnostics);
    }
  }

  @Override
  public void lower(Node node, PlanBuilder plan) {
    Pad op = (Pad) node.op();
    Layout layout = layout(node, plan);
    Shape shape = node.inputs().get(0).type().shape();
    int channelAxis = layout.channelAxis();
    final int channels = shape.dimension(channelAxis);
    Window window =
        new Window(
            1,
            1,
            1,
            1,
            1,
            1,
            op.before().get(layout.heightAxis()),
            op.before().get(layout.widthAxis()),
            op.after().get(layout.heightAxis()),
            op.after().get(layout.widthAxis()));
    List<List<Tap>> taps = new ArrayList<>();
    List<Long> offsets = new ArrayList<>();
    int padded = op.before().get(channelAxis) + channels + op.after().get(channelAxis);
    for (int c = 0; c < padded; c++) {
      int from = c - op.before().get(channelAxis);
      boolean copied = from >= 0 && from < channels;
      taps.add(copied ? List.of(new Tap(0, 0, from, 1)) : List.of());
      offsets.add(copied ? 0L : (long) op.value());
    }
    IntegerType type = (IntegerType) node.output().type().element();
    Edge input =
        plan.inOrder(
            node, node.inputs().get(0), Orders.rowsColumnsChannels(shape, layout), channels);
    Edge output =
        plan.declare(
            node.output(),
            Orders.rowsColumnsChannels(node.output().type().shape(), layout),
            padded);
    Frame frame =
        new Frame(
            shape.dimension(layout.heightAxis()), shape.dimension(layout.widthAxis()), channels);
    plan.add(
        new Stage.OfWindow(
            plan.layer(node.name()),
            Stage.OfWindow.PAD,
            input,
            output,
            new WindowLayer(
                Operation.SUM,
                frame,
                window,
                (int) op.value(),
                taps,
                type,
                Requantizers.of(new Offset(padded == channels ? List.of(0L) : offsets)),
                WindowLayer.ONE_PRODUCT,
                Optional.empty())));
  }

  /** The layout in which the operand travels already; channels first if it is neither. */
  private static Layout layout(Node node, PlanBuilder plan) {
    Shape shape = node.inputs().get(0).type().shape();
    boolean channelsLast =
        plan.view(node.inputs().get(0))
            .order()
            .equals(Orders.rowsColumnsChannels(shape, Layout.NHWC));
    return channelsLast ? Layout.NHWC : Layout.NCHW;
  }
}
