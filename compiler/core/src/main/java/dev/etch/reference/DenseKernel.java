// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.graph.Node;
import dev.etch.op.IntegerDense;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Integer matrix product with constant weights; zero weights cost nothing. */
final class DenseKernel implements Kernel {
  private final Node node;
  private final WeightRows rows;
  private final int inputs;
  private final int zeroPoint;

  private DenseKernel(Node node, WeightRows rows, int inputs, int zeroPoint) {
    this.node = node;
    this.rows = rows;
    this.inputs = inputs;
    this.zeroPoint = zeroPoint;
  }

  /** A kernel if weights and bias are constants and no sum can leave int32. */
  static Optional<Kernel> make(IntegerDense op, Kernels.Site site) {
    if (!site.isKnown(1) || !site.isKnown(2)) {
      return Optional.empty();
    }
    IntegerTensor weights = site.constant(1).orElseThrow();
    IntegerType type = (IntegerType) site.node().inputs().get(0).type().element();
    return WeightRows.of(weights, site.constant(2), type, op.inputZeroPoint())
        .map(
            rows ->
                new DenseKernel(
                    site.node(), rows, weights.shape().dimension(1), op.inputZeroPoint()));
  }

  @Override
  public List<Tensor> run(List<Tensor> operands) {
    int[] x = ((IntegerTensor) operands.get(0)).data();
    int outputs = rows.outputs();
    int[] y = new int[node.output().type().shape().elements()];
    int[] centered = new int[inputs];
    for (int row = 0; outputs > 0 && row < y.length / outputs; row++) {
      for (int k = 0; k < inputs; k++) {
        centered[k] = x[row * inputs + k] - zeroPoint;
      }
      for (int output = 0; output < outputs; output++) {
        y[row * outputs + output] = rows.biases()[output] + dot(output, centered);
      }
    }
    return Kernels.integers(node, y);
  }

  private int dot(int output, int[] centered) {
    int[] at = rows.inputs()[output];
    int[] weights = rows.weights()[output];
    return at.length == inputs ? dense(weights, centered) : sparse(at, weights, centered);
  }

  private static int dense(int[] weights, int[] centered) {
    int sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * centered[k];
    }
    return sum;
  }

  private static int sparse(int[] at, int[] weights, int[] centered) {
    int sum = 0;
    for (int k = 0; k < at.length; k++) {
      sum += weights[k] * centered[at[k]];
    }
    return sum;
  }
}
