// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.graph.Node;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Window;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Integer max pooling, plane by plane. */
final class MaxPoolKernel implements Kernel {
  private final Node node;
  private final MaxPool2d op;

  private MaxPoolKernel(Node node, MaxPool2d op) {
    this.node = node;
    this.op = op;
  }

  /** A kernel if the operand holds integers. */
  static Optional<Kernel> make(MaxPool2d op, Kernels.Site site) {
    return site.node().output().type().isFloat()
        ? Optional.empty()
        : Optional.of(new MaxPoolKernel(site.node(), op));
  }

  @Override
  public List<Tensor> run(List<Tensor> operands) {
    IntegerTensor x = (IntegerTensor) operands.get(0);
    Shape shape = node.output().type().shape();
    int[] y = new int[shape.elements()];
    for (int image = 0; image < shape.dimension(0); image++) {
      for (int channel = 0; channel < shape.dimension(op.layout().channelAxis()); channel++) {
        pool(
            x.data(),
            Plane.of(x.shape(), op.layout(), image, channel),
            y,
            Plane.of(shape, op.layout(), image, channel));
      }
    }
    return Kernels.integers(node, y);
  }

  private void pool(int[] x, Plane from, int[] y, Plane to) {
    Window w = op.window();
    for (int row = 0; row < to.height(); row++) {
      for (int column = 0; column < to.width(); column++) {
        int top = row * w.strideHeight() - w.padTop();
        int left = column * w.strideWidth() - w.padLeft();
        y[to.first() + row * to.rowStride() + column * to.columnStride()] =
            largest(x, from, top, left);
      }
    }
  }

  private int largest(int[] x, Plane from, int top, int left) {
    Window w = op.window();
    int largest = Integer.MIN_VALUE;
    for (int row = top; row < top + w.spanHeight(); row += w.dilationHeight()) {
      if (row < 0 || row >= from.height()) {
        continue;
      }
      int at = from.first() + row * from.rowStride();
      for (int column = left; column < left + w.spanWidth(); column += w.dilationWidth()) {
        if (column >= 0 && column < from.width()) {
          largest = Math.max(largest, x[at + column * from.columnStride()]);
        }
      }
    }
    return largest;
  }
}
