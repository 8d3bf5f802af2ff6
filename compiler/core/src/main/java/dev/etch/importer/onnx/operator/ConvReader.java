// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.op.Conv2d;
import dev.etch.op.Layout;
import dev.etch.op.Window;
import java.util.ArrayList;
import java.util.List;

/** Conv of opsets 1 to 22. */
final class ConvReader implements OperatorReader {
  @Override
  public Signature signature() {
    return new Signature(2, 3, ConvReader.attributes());
  }

  static List<String> attributes() {
    List<String> names = new ArrayList<>(WindowAttributes.NAMES);
    names.add("group");
    return names;
  }

  @Override
  public String notes() {
    return "1-D and 2-D; groups, depthwise, strides, dilations, pads, auto_pad";
  }

  @Override
  public void read(NodeContext node) {
    Window window = window(node, 0, 1);
    Conv2d op = new Conv2d(window, Layout.NCHW, node.attributes().integer("group", 1));
    Value x = Spatial.lifted(node, 0);
    Value weights = Spatial.lifted(node, 1);
    if (node.has(2) && FloatBias.wanted(node.operand(1))) {
      FloatBias.result(node, Spatial.biasless(node, op, x, weights), node.operand(2), 1);
    } else if (node.has(2)) {
      Spatial.result(node, op, x, weights, node.value(2));
    } else {
      Spatial.result(node, op, x, weights);
    }
  }

  /** The window of a convolution of operand {@code x} with operand {@code weights}. */
  static Window window(NodeContext node, int x, int weights) {
    List<Integer> extents = Spatial.extents(node, x);
    node.checkRank(weights, "weights", extents.size() + 2);
    List<Integer> kernel = Spatial.extents(node, weights);
    return WindowAttributes.read(node.attributes(), extents, kernel).window();
  }
}
