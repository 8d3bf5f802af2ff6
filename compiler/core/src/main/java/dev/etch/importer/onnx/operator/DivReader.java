// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.onnx.data.Refusal;
import dev.etch.tensor.FloatTensor;

/** Div by a constant power of two, whose reciprocal is exact. */
final class DivReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(2, 2);
  }

  @Override
  public String notes() {
    return "by constant powers of two; int64 shape arithmetic is folded";
  }

  @Override
  public void read(NodeContext node) {
    if (LongArithmetic.fold(node, (a, b) -> a / b)) {
      return;
    }
    FloatTensor divisor = node.floats(1, "the divisor");
    float[] data = divisor.data().clone();
    for (int i = 0; i < data.length; i++) {
      if (!ConstantForms.isPowerOfTwo(data[i])) {
        throw new Refusal(
            "divides by " + data[i] + ", whose reciprocal is not exact",
            "divide the weights or the quantization scale instead");
      }
      data[i] = 1 / data[i];
    }
    Scaling.result(node, 0, new FloatTensor(divisor.type(), data));
  }
}
