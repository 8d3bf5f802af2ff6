// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Quantization;
import dev.etch.tensor.IntegerType;

/** What most operators demand of their types. */
final class EightBits {
  private EightBits() {}

  /** Complains unless all are int8 or all uint8. */
  static void check(Quantization... tensors) {
    IntegerType first = tensors[0].type();
    for (Quantization tensor : tensors) {
      if (tensor.type().bits() != 8 || !tensor.type().equals(first)) {
        throw new Refusal(
            "types " + first + " and " + tensor.type(),
            "operands and result must all be int8 or all uint8");
      }
    }
  }
}
