// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;

/** DENSIFY of a sparse constant: its result is a constant, too. */
final class DensifyReader implements OperatorReader {
  @Override
  public String notes() {
    return "of sparse constants; folds away";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(1, 1);
    if (!node.isConstant(0)) {
      throw new Refusal("it densifies a value that is no constant", "");
    }
    node.aliasConstant(0);
  }
}
