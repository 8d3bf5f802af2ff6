// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.AveragePool2d;
import dev.etch.op.Layout;
import dev.etch.tensor.Shape;

/** GlobalAveragePool: a window as large as the feature map. */
final class GlobalAveragePoolReader implements OperatorReader {
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
    Shape shape = Spatial.lifted(node.shape(0));
    AveragePool2d pool =
        AveragePool2d.ofWholeMaps(shape.dimension(2), shape.dimension(3), Layout.NCHW);
    Spatial.result(node, pool, Spatial.lifted(node, 0));
  }
}
