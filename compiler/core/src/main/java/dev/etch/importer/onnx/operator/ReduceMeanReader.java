// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.ReduceMean2d;

/** ReduceMean over all rows and columns. */
final class ReduceMeanReader implements OperatorReader {
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
    SpatialReduction.read(node, "mean", (layout, rows, columns) -> new ReduceMean2d(layout));
  }
}
