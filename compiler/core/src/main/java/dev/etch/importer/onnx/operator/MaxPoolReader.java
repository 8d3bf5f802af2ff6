// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.Layout;
import dev.etch.op.MaxPool2d;
import java.util.ArrayList;
import java.util.List;

/** MaxPool of opsets 1 to 22, without the Indices result. */
final class MaxPoolReader implements OperatorReader {
  @Override
  public Signature signature() {
    List<String> names = new ArrayList<>(WindowAttributes.NAMES);
    names.add("ceil_mode");
    // Only the order of the Indices, which are refused.
    names.add("storage_order");
    return new Signature(1, 1, names);
  }

  @Override
  public String notes() {
    return "1-D and 2-D; ceil_mode, dilations, auto_pad; no Indices";
  }

  @Override
  public void read(NodeContext node) {
    List<Integer> extents = Spatial.extents(node, 0);
    WindowAttributes window = WindowAttributes.read(node.attributes(), extents, List.of());
    Spatial.result(node, new MaxPool2d(window.whole(), Layout.NCHW), Spatial.lifted(node, 0));
  }
}
