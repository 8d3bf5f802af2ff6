// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.FloatTensor;

/** Pow of float constants, as exporters write the square root of a variance. */
final class PowReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(2, 2);
  }

  @Override
  public String notes() {
    return "of float32 constants, exponent one number; folds away";
  }

  @Override
  public void read(NodeContext node) {
    if (!node.isConstant(0) || !node.isConstant(1)) {
      throw new Refusal(
          "a power of a value that is computed from the model's input",
          "fold it into the weights, or compute it before the model");
    }
    FloatTensor base = node.floats(0, "the base");
    float exponent = node.number(1, "the exponent");
    float[] data = base.data().clone();
    for (int i = 0; i < data.length; i++) {
      // The square root is correctly rounded, other powers as Java has them.
      data[i] = (float) (exponent == 0.5f ? Math.sqrt(data[i]) : Math.pow(data[i], exponent));
    }
    node.result(new Operand.Constant(new DenseWeights(new FloatTensor(base.type(), data))));
  }
}
