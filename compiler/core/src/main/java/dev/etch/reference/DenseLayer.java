// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.graph.Node;
import dev.etch.op.IntegerDense;
import dev.etch.op.Requantize;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Integer matrix product with constant weights and the requantization after it, in float32, exact
 * for the reason that {@link ConvolutionLayer} gives. An input times its column of weights is added
 * to all outputs at once; inputs that are at their zero point cost nothing.
 */
final class DenseLayer implements Layer {
  /** Fewer outputs do not fill the vectors. */
  private static final int LEAST_OUTPUTS = 16;

  /** With fewer nonzero weights, {@link DenseKernel}, which skips the others, is faster. */
  private static final double LEAST_DENSITY = 0.2;

  private final TensorType output;
  private final int zeroPoint;
  private final float[][] columns;
  private final float[] biases;
  private final List<FloatStaircase> staircases;

  private DenseLayer(
      TensorType output, int zeroPoint, WeightRows rows, int inputs, List<FloatStaircase> ends) {
    this.output = output;
    this.zeroPoint = zeroPoint;
    this.columns = new float[inputs][rows.outputs()];
    this.biases = new float[rows.outputs()];
    this.staircases = ends;
    for (int o = 0; o < rows.outputs(); o++) {
      biases[o] = rows.biases()[o];
      for (int k = 0; k < rows.inputs()[o].length; k++) {
        columns[rows.inputs()[o][k]][o] = rows.weights()[o][k];
      }
    }
  }

  /**
   * A layer for a product whose only reader is {@code requantize}, if weights and bias are
   * constants and float32 is exact.
   */
  static Optional<Layer> make(IntegerDense op, Kernels.Site site, Node requantize) {
    if (!site.isKnown(1) || !site.isKnown(2)) {
      return Optional.empty();
    }
    Requantize end = (Requantize) requantize.op();
    IntegerTensor weights = site.constant(1).orElseThrow();
    Shape shape = weights.shape();
    TensorType output = requantize.output().type();
    boolean byOutput = end.channels().size() == 1 || end.channelAxis() == output.shape().rank() - 1;
    long nonzero = Arrays.stream(weights.data()).filter(w -> w != 0).count();
    if (!byOutput
        || shape.dimension(0) < LEAST_OUTPUTS
        || nonzero < LEAST_DENSITY * weights.data().length) {
      return Optional.empty();
    }
    IntegerType type = (IntegerType) site.node().inputs().get(0).type().element();
    List<FloatStaircase> staircases =
        end.channels().stream()
            .map(c -> FloatStaircase.of(c, Planes.EXACT, Optional.empty()))
            .toList();
    return WeightRows.of(weights, site.constant(2), type, op.inputZeroPoint())
        .filter(rows -> rows.isExactInFloat(type, op.inputZeroPoint()))
        .map(
            rows ->
                new DenseLayer(output, op.inputZeroPoint(), rows, shape.dimension(1), staircases));
  }

  @Override
  public List<Activation> run(Activation[] operands, Scratch scratch) {
    int[] x = ((IntegerTensor) operands[0].tensor()).data();
    int[] y = new int[output.shape().elements()];
    float[] sums = scratch.buffer(biases.length);
    for (int row = 0; row < y.length / biases.length; row++) {
      multiply(x, row * columns.length, sums);
      requantize(sums);
      for (int o = 0; o < biases.length; o++) {
        y[row * biases.length + o] = (int) sums[o];
      }
    }
    return List.of(new Activation(new IntegerTensor(output, y)));
  }

  private void multiply(int[] x, int first, float[] sums) {
    System.arraycopy(biases, 0, sums, 0, biases.length);
    float[] factors = new float[columns.length + Products.QUAD];
    int[] at = new int[columns.length + Products.QUAD];
    int nonzero = 0;
    for (int k = 0; k < columns.length; k++) {
      factors[nonzero] = x[first + k] - zeroPoint;
      at[nonzero] = k;
      nonzero += x[first + k] == zeroPoint ? 0 : 1;
    }
    Arrays.fill(factors, nonzero, factors.length, 0);
    for (int k = 0; k < nonzero; k += Products.QUAD) {
      Products.addToOne(
          sums,
          columns[at[k]],
          columns[at[k + 1]],
          columns[at[k + 2]],
          columns[at[k + 3]],
          factors,
          k,
          0,
          biases.length);
    }
  }

  private void requantize(float[] sums) {
    if (staircases.size() == 1) {
      staircases.get(0).apply(sums, 0, biases.length);
      return;
    }
    for (int o = 0; o < biases.length; o++) {
      staircases.get(o).apply(sums, o, o + 1);
    }
  }
}
