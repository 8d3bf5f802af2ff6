// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import dev.etch.importer.tflite.schema.BuiltinOperator;
import dev.etch.importer.tflite.schema.OperatorCode;

/** How an operator is called in messages. */
final class OperatorNames {
  private OperatorNames() {}

  /** The schema's name, a custom operator's own, or the number of an operator we do not know. */
  static String of(OperatorCode code) {
    return BuiltinOperator.of(code.builtin())
        .map(
            builtin ->
                builtin == BuiltinOperator.CUSTOM ? "CUSTOM " + code.customName() : builtin.name())
        .orElse("operator number " + code.builtin());
  }
}
