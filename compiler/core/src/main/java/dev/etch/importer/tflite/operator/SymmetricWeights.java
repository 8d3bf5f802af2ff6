// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;

/** TFLite's int8 convolutions ignore the zero point of their weights. */
final class SymmetricWeights {
  private SymmetricWeights() {}

  /** Complains about a zero point that the reference kernel would ignore. */
  static void check(LayerOperands layer) {
    if (!layer.isUnsigned() && layer.weightZeroPoint() != 0) {
      throw new Refusal(
          "int8 weights with zero point " + layer.weightZeroPoint(),
          "TFLite's int8 convolutions are defined for symmetric weights");
    }
  }
}
