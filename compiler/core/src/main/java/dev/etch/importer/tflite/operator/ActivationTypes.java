// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Quantization;
import dev.etch.tensor.IntegerType;

/** What operators demand of the types of their operands and result. */
final class ActivationTypes {
  private static final IntegerType INT16 = new IntegerType(16, true);

  private ActivationTypes() {}

  /** Complains unless all are int8, all uint8, or all int16 without a zero point. */
  static void check(Quantization... tensors) {
    checkEqual("operands and result must all be int8, all uint8 or all int16", tensors);
    for (Quantization tensor : tensors) {
      checkSymmetric(tensor);
    }
  }

  /** Complains unless all are int8 or all uint8: kernels that are defined for nothing else. */
  static void checkEightBits(Quantization... tensors) {
    String demand = "operands and result must all be int8 or all uint8";
    checkEqual(demand, tensors);
    if (tensors[0].type().bits() != 8) {
      throw new Refusal("activations of type " + tensors[0].type(), demand);
    }
  }

  /** Whether activations have 16 bits. */
  static boolean isWide(Quantization tensor) {
    return tensor.type().equals(INT16);
  }

  /** Complains about 16-bit activations with a zero point, which TFLite has no kernels for. */
  static void checkSymmetric(Quantization tensor) {
    if (isWide(tensor) && tensor.zeroPoint(0) != 0) {
      throw new Refusal(
          "int16 activations with zero point " + tensor.zeroPoint(0),
          "TFLite's 16-bit activations are symmetric: convert the model again");
    }
  }

  private static void checkEqual(String demand, Quantization... tensors) {
    IntegerType first = tensors[0].type();
    for (Quantization tensor : tensors) {
      if (!tensor.type().equals(first) || !(first.bits() == 8 || isWide(tensor))) {
        throw new Refusal("types " + first + " and " + tensor.type(), demand);
      }
    }
  }
}
