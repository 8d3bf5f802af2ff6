// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.MaxPool2d;
import dev.etch.op.Window;

/** ReduceMax over all rows and columns: a window as large as the feature map. */
final class ReduceMaxReader implements OperatorReader {
  @Override
  public Signature signature() {
    return SpatialReduction.SIGNATURE;
  }

  @Override
  public String notes() {
    return "over the spatial axes of 1-D (channels first) and 2-D maps";
  }

  @Override
  public void read(NodeContext node) {
    SpatialReduction.read(
        node,
        "maximum",
        (layout, rows, columns) -> new MaxPool2d(Window.of(rows, columns), layout));
  }
}
