// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.importer.tflite.schema.Activation;
import dev.etch.op.Op;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;

/** What float layers have in common: weights, a bias that may be missing, a fused activation. */
record FloatLayer(OperatorContext node) {
  private static final int WEIGHTS = 1;
  private static final int BIAS = 2;

  /** The weights as they are stored. */
  FloatTensor weights() {
    node.operands(2, 3);
    return node.floats(WEIGHTS);
  }

  /** Adds the layer. */
  void emit(Op layer, Value x, FloatTensor weights, Activation activation) {
    Value constant = node.emitConstant(WEIGHTS, weights);
    if (!node.has(BIAS)) {
      FloatActivation.finish(node, activation, layer, x, constant);
      return;
    }
    Shape outputs = Shape.of(weights.shape().dimension(0));
    FloatTensor bias = node.floats(BIAS);
    if (!bias.shape().equals(outputs)) {
      throw new Refusal("its bias has shape " + bias.shape(), "a bias for each output");
    }
    FloatActivation.finish(node, activation, layer, x, constant, node.value(BIAS));
  }
}
