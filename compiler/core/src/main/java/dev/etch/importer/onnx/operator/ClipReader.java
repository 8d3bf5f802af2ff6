// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Clip;

/** Clip: bounds as attributes up to opset 10, as operands from opset 11. */
final class ClipReader implements OperatorReader {
  private static final int BOUNDS_ARE_OPERANDS = 11;

  @Override
  public Signature signature() {
    return Signature.of(1, 3, "min", "max");
  }

  @Override
  public String notes() {
    return "constant bounds; of integers between QuantizeLinear and DequantizeLinear (QCDQ), too";
  }

  @Override
  public void read(NodeContext node) {
    if (node.operand(0).type().isInteger()) {
      IntegerClip.result(node);
      return;
    }
    boolean operands = node.operatorSet() >= BOUNDS_ARE_OPERANDS;
    Attributes attributes = node.attributes();
    if (operands ? !attributes.names().isEmpty() : node.inputs() > 1) {
      throw new Refusal(
          "bounds are "
              + (operands ? "attributes" : "operands")
              + " in opset "
              + node.operatorSet(),
          "attributes up to opset 10, operands from 11 on");
    }
    float low =
        operands
            ? bound(node, 1, Float.NEGATIVE_INFINITY)
            : attributes.number("min", -Float.MAX_VALUE);
    float high =
        operands
            ? bound(node, 2, Float.POSITIVE_INFINITY)
            : attributes.number("max", Float.MAX_VALUE);
    if (!(low <= high)) {
      throw new Refusal("bounds [" + low + ", " + high + "] are empty or not numbers", "");
    }
    node.emitResult(new Clip(low, high), node.value(0));
  }

  private static float bound(NodeContext node, int input, float otherwise) {
    return node.has(input) ? node.number(input, input == 1 ? "min" : "max") : otherwise;
  }
}
