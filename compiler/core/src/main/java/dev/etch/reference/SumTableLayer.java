// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.graph.Node;
import dev.etch.op.Layout;
import dev.etch.op.QuantizedAdd;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * A quantized sum of any arithmetic on planes, from a table over all pairs of operands: of bytes,
 * so that the first-level cache holds most of it.
 */
final class SumTableLayer implements Layer {
  private final TensorType output;
  private final byte[] table;
  private final int middle;
  private final int leftLow;
  private final int rightLow;
  private final int rightBits;

  private SumTableLayer(QuantizedAdd op, TensorType output, IntegerType left, IntegerType right) {
    this.output = output;
    this.middle = op.sum().low() - Byte.MIN_VALUE;
    int[] sums = TableKernels.sums(op, left, right);
    this.table = new byte[sums.length];
    for (int i = 0; i < sums.length; i++) {
      table[i] = (byte) (sums[i] - middle);
    }
    this.leftLow = (int) left.minimum();
    this.rightLow = (int) right.minimum();
    this.rightBits = right.bits();
  }

  /** A layer for a sum of feature maps of at most 8 bits. */
  static Optional<Layer> make(Node node) {
    TensorType left = node.inputs().get(0).type();
    TensorType right = node.inputs().get(1).type();
    TensorType output = node.output().type();
    QuantizedAdd op = (QuantizedAdd) node.op();
    boolean maps = left.shape().equals(right.shape()) && output.shape().rank() == 4;
    if (!maps
        || !(left.element() instanceof IntegerType ofLeft)
        || !(right.element() instanceof IntegerType ofRight)
        || Math.max(ofLeft.bits(), ofRight.bits()) > TableKernels.TABLE_BITS
        || op.sum().high() - op.sum().low() >= 1 << Byte.SIZE) {
      return Optional.empty();
    }
    return Optional.of(new SumTableLayer(op, output, ofLeft, ofRight));
  }

  @Override
  public List<Activation> run(Activation[] operands, Scratch scratch) {
    Layout layout = operands[0].layoutOr(operands[1], Layout.NCHW);
    Planes left = operands[0].planes(layout);
    Planes right = operands[1].planes(layout).withRowStride(left.rowStride());
    int length = left.span();
    float[][] y = scratch.planes(left.data().length, length);
    for (int i = 0; i < y.length; i++) {
      add(left.data()[i], right.data()[i], y[i], length);
    }
    Planes sum = new Planes(layout, left.height(), left.width(), left.rowStride(), y);
    return List.of(new Activation(output, sum));
  }

  private void add(float[] left, float[] right, float[] y, int length) {
    // What is between rows is arbitrary and must not leave the table.
    int mask = table.length - 1;
    for (int i = 0; i < length; i++) {
      int at = ((int) left[i] - leftLow) << rightBits | ((int) right[i] - rightLow);
      y[i] = table[at & mask] + middle;
    }
  }
}
