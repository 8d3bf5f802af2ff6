// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.BatchNormalization;

/** BatchNormalization in inference mode, opsets 7 to 15. */
final class BatchNormalizationReader implements OperatorReader {
  private static final float DEFAULT_EPSILON = 1e-5f;

  @Override
  public Signature signature() {
    // momentum concerns training only.
    return Signature.of(5, 5, "epsilon", "momentum", "training_mode", "spatial");
  }

  @Override
  public String notes() {
    return "inference mode";
  }

  @Override
  public void read(NodeContext node) {
    if (node.attributes().flag("training_mode", false)) {
      throw new Refusal("training_mode is set", "export the model for inference (model.eval())");
    }
    if (!node.attributes().flag("spatial", true)) {
      throw new Refusal("spatial = 0 is not supported", "export with opset 9 or later");
    }
    float epsilon = node.attributes().number("epsilon", DEFAULT_EPSILON);
    if (!(epsilon >= 0) || Float.isInfinite(epsilon)) {
      throw new Refusal("epsilon " + epsilon + " is not finite and at least 0", "");
    }
    node.emitResult(
        new BatchNormalization(epsilon, 1),
        node.value(0),
        node.value(1),
        node.value(2),
        node.value(3),
        node.value(4));
  }
}
