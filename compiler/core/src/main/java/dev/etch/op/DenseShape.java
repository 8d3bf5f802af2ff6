// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Extents of a matrix product over the last axis, float or integer. */
record DenseShape(int rows, int inputs, int outputs, Shape result) {

  /** Checks x [..., inputs], weights [outputs, inputs] and a bias [outputs] if there is one. */
  static DenseShape of(Operands operands) {
    Shape x = operands.any(0).shape();
    if (x.rank() < 1) {
      throw operands.misfit(0, "must have at least one axis", "reshape it");
    }
    operands.rank(1, 2);
    int outputs = operands.any(1).shape().dimension(0);
    int inputs = operands.any(1).shape().dimension(1);
    if (x.dimension(-1) != inputs) {
      throw operands.misfit(
          0, "has a last axis that is not the weights' " + inputs, "weights are [outputs, inputs]");
    }
    if (operands.has(2)) {
      operands.vector(2, outputs);
    }
    List<Integer> extents = new ArrayList<>(x.dimensions());
    extents.set(extents.size() - 1, outputs);
    int rows = 1;
    for (int extent : extents.subList(0, extents.size() - 1)) {
      rows *= extent;
    }
    return new DenseShape(rows, inputs, outputs, Operands.shape(extents));
  }
}
