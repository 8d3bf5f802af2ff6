// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.Layout;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Window;
import dev.etch.tensor.Shape;

/** GlobalMaxPool: a window as large as the feature map. */
final class GlobalMaxPoolReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(1, 1);
  }

  @Override
  public String notes() {
    return "1-D and 2-D";
  }

  @Override
  public void read(NodeContext node) {
    Spatial.extents(node, 0);
    Shape maps = Spatial.lifted(node.shape(0));
    Window whole = Window.of(maps.dimension(2), maps.dimension(3));
    Spatial.result(node, new MaxPool2d(whole, Layout.NCHW), Spatial.lifted(node, 0));
  }
}
