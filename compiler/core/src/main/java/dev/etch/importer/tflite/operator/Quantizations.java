// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;

/** What operators demand that only move elements. */
final class Quantizations {
  private Quantizations() {}

  /** Complains unless an operand and the first result stand for the same real numbers. */
  static void requireEqual(OperatorContext node, int operand) {
    TensorInfo from = node.operand(operand);
    TensorInfo to = node.result(0);
    boolean quantized = from.isQuantized() && to.isQuantized();
    if (!from.type().element().equals(to.type().element())
        || (quantized && !from.quantization().equals(to.quantization()))) {
      throw new Refusal(
          "operand '%s' and result '%s' are quantized differently"
              .formatted(from.name(), to.name()),
          "this operator moves integers as they are: quantize both alike");
    }
  }
}
