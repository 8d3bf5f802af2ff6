// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.diagnostic.Printable;
import dev.etch.importer.Refusal;
import dev.etch.tensor.Shape;
import java.util.List;

/**
 * DepthToSpace as its specification defines it: Reshape, Transpose, Reshape. Mode DCR takes the
 * place in a square from the leading part of the channel's number, CRD from the trailing part.
 */
final class DepthToSpaceReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(1, 1, "blocksize", "mode");
  }

  @Override
  public String notes() {
    return "modes DCR and CRD";
  }

  @Override
  public void read(NodeContext node) {
    int size = BlockSize.of(node);
    Shape shape = node.shape(0);
    int batch = shape.dimension(0);
    int rows = shape.dimension(2);
    int columns = shape.dimension(3);
    int channels = BlockSize.quotient(node, 1, Math.multiplyExact(size, size));
    Shape result = Shape.of(batch, channels, rows * size, columns * size);
    String mode = node.attributes().text("mode", "DCR");
    switch (mode) {
      case "DCR" ->
          BlockSize.result(
              node,
              List.of(batch, size, size, channels, rows, columns),
              List.of(0, 3, 4, 1, 5, 2),
              result);
      case "CRD" ->
          BlockSize.result(
              node,
              List.of(batch, channels, size, size, rows, columns),
              List.of(0, 1, 4, 2, 5, 3),
              result);
      default -> throw new Refusal("mode '" + Printable.of(mode) + "'", "DCR or CRD is wanted");
    }
  }
}
