// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.op.Transpose;

/** TRANSPOSE by a constant permutation. */
final class TransposeReader implements OperatorReader {
  @Override
  public String notes() {
    return "constant permutation";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(2, 2);
    Quantizations.requireEqual(node, 0);
    node.finish(new Transpose(node.numbers(1)), node.value(0));
  }
}
