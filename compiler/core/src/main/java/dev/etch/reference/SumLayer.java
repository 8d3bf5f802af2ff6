// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.graph.Node;
import dev.etch.op.Layout;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.requantization.FloatSum;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * ONNX Runtime's quantized sum on planes: the same fused multiply-adds as the definition's, rounded
 * and clamped by {@link Rounding}.
 */
final class SumLayer implements Layer {
  private final TensorType output;
  private final float leftRatio;
  private final float rightRatio;
  private final float constant;
  private final int low;
  private final int high;
  private final Optional<Vectors> vectors;

  private SumLayer(TensorType output, FloatSum sum, Optional<Vectors> vectors) {
    this.vectors = vectors;
    this.output = output;
    this.leftRatio = sum.leftScale() / sum.outputScale();
    this.rightRatio = sum.rightScale() / sum.outputScale();
    this.constant =
        sum.outputZeroPoint()
            - Math.fma(leftRatio, sum.leftZeroPoint(), rightRatio * sum.rightZeroPoint());
    this.low = sum.low();
    this.high = sum.high();
  }

  /** A layer for a sum of feature maps in float arithmetic. */
  static Optional<Layer> make(Node node, Optional<Vectors> vectors) {
    QuantizedAdd op = (QuantizedAdd) node.op();
    TensorType output = node.output().type();
    boolean maps =
        node.inputs().stream().allMatch(v -> v.type().shape().equals(output.shape()))
            && output.shape().rank() == 4;
    if (!maps || !(op.sum() instanceof FloatSum sum)) {
      return Optional.empty();
    }
    SumLayer layer = new SumLayer(output, sum, vectors);
    return layer.isExact(node) ? Optional.of(layer) : Optional.empty();
  }

  private boolean isExact(Node node) {
    return Rounding.isExact(
        2.0 * leftRatio * largest(node, 0)
            + 2.0 * rightRatio * largest(node, 1)
            + 2.0 * Math.abs(constant));
  }

  private static double largest(Node node, int operand) {
    IntegerType type = (IntegerType) node.inputs().get(operand).type().element();
    return Math.max(type.maximum(), -type.minimum());
  }

  @Override
  public List<Activation> run(Activation[] operands, Scratch scratch) {
    Layout layout = operands[0].layoutOr(operands[1], Layout.NCHW);
    Planes left = operands[0].planes(layout);
    Planes right = operands[1].planes(layout).withRowStride(left.rowStride());
    int length = left.span();
    float[][] y = scratch.planes(left.data().length, length);
    for (int i = 0; i < y.length; i++) {
      if (vectors.isPresent() && length >= vectors.get().lanes()) {
        addVectors(vectors.get(), left.data()[i], right.data()[i], y[i], length);
      } else {
        add(left.data()[i], right.data()[i], y[i], length);
      }
    }
    Planes sum = new Planes(layout, left.height(), left.width(), left.rowStride(), y);
    return List.of(new Activation(output, sum));
  }

  private void addVectors(Vectors vectors, float[] left, float[] right, float[] y, int length) {
    vectors.add(left, leftRatio, right, rightRatio, constant, low, high, y, length);
  }

  private void add(float[] left, float[] right, float[] y, int length) {
    float span = high - low;
    for (int i = 0; i < length; i++) {
      float sum = Math.fma(left[i], leftRatio, Math.fma(right[i], rightRatio, constant));
      y[i] = high - Rounding.below(sum, low, span);
    }
  }
}
