// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.OnnxType;

/** Attributes that QuantizeLinear and DequantizeLinear share. */
final class LinearAttributes {
  private LinearAttributes() {}

  /** Refuses blocks and any arithmetic but float32. */
  static void check(Attributes attributes) {
    int block = attributes.integer("block_size", 0);
    if (block != 0) {
      throw new Refusal(
          "blocked quantization (block_size " + block + ") is not supported",
          "quantize per tensor or per channel");
    }
    int precision = attributes.integer("precision", 0);
    if (precision != 0 && OnnxType.supported(precision) != OnnxType.FLOAT) {
      throw new Refusal("precision is not float32", "");
    }
  }
}
