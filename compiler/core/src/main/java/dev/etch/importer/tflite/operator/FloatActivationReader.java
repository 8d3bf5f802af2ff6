// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.tflite.schema.Activation;

/** RELU, RELU6 and RELU_N1_TO_1 of floats. */
final class FloatActivationReader implements OperatorReader {
  private final Activation activation;

  FloatActivationReader(Activation activation) {
    this.activation = activation;
  }

  @Override
  public String notes() {
    return "as an operator of its own";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(1, 1);
    node.finish(FloatActivation.function(activation).orElseThrow(), node.value(0));
  }
}
