// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.graph.Node;
import dev.etch.op.Transpose;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Transposition by a table of where each element comes from. */
final class TransposeKernel implements Kernel {
  /** More elements would make the table a burden. */
  private static final int MOST_ELEMENTS = 1 << 20;

  private final Node node;
  private final int[] from;

  private TransposeKernel(Node node, int[] from) {
    this.node = node;
    this.from = from;
  }

  /** A kernel unless the tensor is very large. */
  static Optional<Kernel> make(Transpose op, Kernels.Site site) {
    Shape shape = site.node().inputs().get(0).type().shape();
    if (shape.elements() > MOST_ELEMENTS) {
      return Optional.empty();
    }
    int[] positions = new int[shape.elements()];
    Arrays.setAll(positions, i -> i);
    Tensor numbered = IntegerTensor.of(IntegerType.INT32, shape, positions);
    int[] from = ((IntegerTensor) op.evaluate(List.of(numbered)).get(0)).data();
    return Optional.of(new TransposeKernel(site.node(), from));
  }

  @Override
  public List<Tensor> run(List<Tensor> operands) {
    if (operands.get(0) instanceof FloatTensor floats) {
      float[] y = new float[from.length];
      for (int i = 0; i < y.length; i++) {
        y[i] = floats.data()[from[i]];
      }
      return List.of(new FloatTensor(node.output().type(), y));
    }
    int[] x = ((IntegerTensor) operands.get(0)).data();
    int[] y = new int[from.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = x[from[i]];
    }
    return Kernels.integers(node, y);
  }
}
