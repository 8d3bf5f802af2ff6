// SPDX-License-Identifier: Apache-2.0
package dev.etch.graph;

import dev.etch.op.Constant;
import dev.etch.op.Dequantize;
import dev.etch.tensor.Weights;
import java.util.Map;
import java.util.Optional;

/** Finds the constant behind an operand, also through the Dequantize of a quantized model. */
final class WeightSource {
  private WeightSource() {}

  static Optional<Weights> of(Value value, Map<Value, Node> producers) {
    Node producer = producers.get(value);
    if (producer == null) {
      return Optional.empty();
    }
    if (producer.op() instanceof Constant constant) {
      return Optional.of(constant.weights());
    }
    if (producer.op() instanceof Dequantize) {
      return of(producer.inputs().get(0), producers);
    }
    return Optional.empty();
  }
}
