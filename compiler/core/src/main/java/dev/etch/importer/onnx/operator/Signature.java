// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import java.util.List;

/**
 * What a node of some operator may have.
 *
 * @param fewestInputs operands that must be there
 * @param mostInputs operands that may be there
 * @param attributes names of the attributes that the reader understands, of any operator set
 */
public record Signature(int fewestInputs, int mostInputs, List<String> attributes) {
  public Signature {
    attributes = List.copyOf(attributes);
  }

  /** A signature. */
  public static Signature of(int fewestInputs, int mostInputs, String... attributes) {
    return new Signature(fewestInputs, mostInputs, List.of(attributes));
  }

  /** How many operands, for messages. */
  String operands() {
    if (mostInputs == Integer.MAX_VALUE) {
      return "at least " + fewestInputs;
    }
    return fewestInputs == mostInputs
        ? String.valueOf(fewestInputs)
        : fewestInputs + " to " + mostInputs;
  }
}
