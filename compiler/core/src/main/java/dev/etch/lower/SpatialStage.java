// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.Requantizer;
import dev.etch.hardware.WindowUnit.Operation;
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
record SpatialStage(Node node, PlanBuilder plan, Layout layout, Window window) {

  private Shape inputShape() {
    return node.inputs().get(0).type().shape();
  }

  int channels() {
    return inputShape().dimension(layout.channelAxis());
  }

  private Frame frame() {
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

  /** A stage that sums raw inputs; zero points and bias are in the requantizer. */
  void addAccumulating(String kind, Operation operation, int padValue, List<List<Tap>> taps) {
    Value raw = node.output();
    Optional<Node> requantize = plan.takeRequantize(raw);
    Requantizer requantizer =
        requantize.map(plan.arithmetic()::requantizer).orElseGet(() -> plan.arithmetic().copy(raw));
    Value result = requantize.map(Node::output).orElse(raw);
    add(kind, operation, padValue, taps, plan.arithmetic().accumulator(raw), result, requantizer);
  }

  void add(
      String kind,
      Operation operation,
      int padValue,
      List<List<Tap>> taps,
      IntegerType accumulator,
      Value result,
      Requantizer requantizer) {
    Value operand = node.inputs().get(0);
    Edge input =
        plan.inOrder(node, operand, Orders.rowsColumnsChannels(inputShape(), layout), channels());
    Edge output =
        plan.declare(
            result, Orders.rowsColumnsChannels(result.type().shape(), layout), taps.size());
    plan.add(
        new Stage.OfWindow(
            plan.layer(node.name()),
            kind,
            input,
            output,
            new WindowLayer(operation, frame(), window, padValue, taps, accumulator, requantizer)));
  }
}
