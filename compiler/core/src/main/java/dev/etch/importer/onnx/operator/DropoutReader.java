// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;

/** Dropout in inference mode: another name for its operand. */
final class DropoutReader implements OperatorReader {
  @Override
  public Signature signature() {
    // ratio and seed concern training only.
    return Signature.of(1, 3, "ratio", "seed");
  }

  @Override
  public String notes() {
    return "inference mode, no mask; folds away";
  }

  @Override
  public void read(NodeContext node) {
    if (node.has(2)) {
      Tensor training = node.tensor(2, "operand 'training_mode'");
      if (!(training instanceof IntegerTensor flag)
          || flag.data().length != 1
          || flag.data()[0] != 0) {
        throw new Refusal("training_mode is set", "export the model for inference (model.eval())");
      }
    }
    node.result(node.operand(0));
  }
}
