// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Dense;
import dev.etch.tensor.FloatTensor;

/** FULLY_CONNECTED of floats. */
final class FloatDenseReader implements OperatorReader {
  // Fields of FullyConnectedOptions.
  private static final int ACTIVATION = 0;
  private static final int WEIGHTS_FORMAT = 1;

  @Override
  public String notes() {
    return "any rank; fused activation";
  }

  @Override
  public void read(OperatorContext node) {
    FloatLayer layer = new FloatLayer(node);
    FloatTensor weights = layer.weights();
    if (weights.shape().rank() != 2 || node.options().int8(WEIGHTS_FORMAT) != 0) {
      throw new Refusal(
          "its weights have shape " + weights.shape() + ", or are shuffled",
          "they must be [outputs, inputs]");
    }
    layer.emit(
        new Dense(),
        FullyConnectedReader.rows(node, weights.shape().dimension(1)),
        weights,
        node.options().activation(ACTIVATION));
  }
}
