// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.tensor.Shape;
import java.util.List;

/** SpaceToDepth: the places of a square become the leading part of the channel's number. */
final class SpaceToDepthReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(1, 1, "blocksize");
  }

  @Override
  public String notes() {
    return "";
  }

  @Override
  public void read(NodeContext node) {
    int size = BlockSize.of(node);
    Shape shape = node.shape(0);
    int batch = shape.dimension(0);
    int channels = shape.dimension(1);
    int rows = BlockSize.quotient(node, 2, size);
    int columns = BlockSize.quotient(node, 3, size);
    BlockSize.result(
        node,
        List.of(batch, channels, rows, size, columns, size),
        List.of(0, 3, 5, 1, 2, 4),
        Shape.of(batch, Math.multiplyExact(channels, size * size), rows, columns));
  }
}
