// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.graph.Node;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.Window;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Integer convolution with constant weights. Each tap (input channel, kernel row, kernel column) is
 * first laid out as one array over all output pixels, zero point subtracted and padding 0; an
 * output channel is then a weighted sum of whole arrays, which the JIT vectorizes, and zero weights
 * cost nothing.
 */
final class ConvolutionKernel implements Kernel {
  private final Node node;
  private final IntegerConv2d op;
  private final WeightRows rows;
  private final int channelsPerGroup;

  private ConvolutionKernel(Node node, IntegerConv2d op, WeightRows rows, int channelsPerGroup) {
    this.node = node;
    this.op = op;
    this.rows = rows;
    this.channelsPerGroup = channelsPerGroup;
  }

  /** A kernel if weights and bias are constants and no sum can leave int32. */
  static Optional<Kernel> make(IntegerConv2d op, Kernels.Site site) {
    if (!site.isKnown(1) || !site.isKnown(2)) {
      return Optional.empty();
    }
    IntegerTensor weights = site.constant(1).orElseThrow();
    IntegerType type = (IntegerType) site.node().inputs().get(0).type().element();
    return WeightRows.of(weights, site.constant(2), type, op.inputZeroPoint())
        .map(rows -> new ConvolutionKernel(site.node(), op, rows, weights.shape().dimension(1)));
  }

  @Override
  public List<Tensor> run(List<Tensor> operands) {
    IntegerTensor x = (IntegerTensor) operands.get(0);
    int[] y = new int[node.output().type().shape().elements()];
    for (int image = 0; image < x.shape().dimension(0); image++) {
      for (int group = 0; group < op.groups(); group++) {
        convolve(x, y, image, group);
      }
    }
    return Kernels.integers(node, y);
  }

  private void convolve(IntegerTensor x, int[] y, int image, int group) {
    Shape shape = node.output().type().shape();
    int outputsPerGroup = rows.outputs() / op.groups();
    int area = op.window().kernelHeight() * op.window().kernelWidth();
    int[][] taps = new int[channelsPerGroup * area][];
    int[] sum = new int[pixels(shape)];
    for (int i = 0; i < outputsPerGroup; i++) {
      int output = group * outputsPerGroup + i;
      for (int tap : rows.inputs()[output]) {
        if (taps[tap] == null) {
          int channel = group * channelsPerGroup + tap / area;
          taps[tap] = tap(x, Plane.of(x.shape(), op.layout(), image, channel), tap % area, shape);
        }
      }
      Arrays.fill(sum, rows.biases()[output]);
      accumulate(sum, taps, rows.inputs()[output], rows.weights()[output]);
      store(sum, y, Plane.of(shape, op.layout(), image, output));
    }
  }

  private int pixels(Shape shape) {
    return shape.dimension(op.layout().heightAxis()) * shape.dimension(op.layout().widthAxis());
  }

  /** What one kernel position sees of one channel, over all output pixels. */
  private int[] tap(IntegerTensor x, Plane plane, int position, Shape output) {
    Window w = op.window();
    int firstRow = position / w.kernelWidth() * w.dilationHeight() - w.padTop();
    int firstColumn = position % w.kernelWidth() * w.dilationWidth() - w.padLeft();
    int height = output.dimension(op.layout().heightAxis());
    int width = output.dimension(op.layout().widthAxis());
    int begin = firstAtLeast(0, firstColumn, w.strideWidth());
    int end = Math.min(width, firstAtLeast(plane.width(), firstColumn, w.strideWidth()));
    int step = w.strideWidth() * plane.columnStride();
    int[] tap = new int[height * width];
    for (int row = 0; row < height; row++) {
      int inputRow = firstRow + row * w.strideHeight();
      if (inputRow < 0 || inputRow >= plane.height()) {
        continue;
      }
      int from = plane.first() + inputRow * plane.rowStride() + firstColumn * plane.columnStride();
      for (int column = begin; column < end; column++) {
        tap[row * width + column] = x.data()[from + column * step] - op.inputZeroPoint();
      }
    }
    return tap;
  }

  /**
   * The first output column whose input column, {@code first + column * stride}, reaches a limit.
   */
  private static int firstAtLeast(int limit, int first, int stride) {
    return Math.max(0, -Math.floorDiv(first - limit, stride));
  }

  private static void accumulate(int[] sum, int[][] taps, int[] at, int[] weights) {
    int k = 0;
    for (; k + 4 <= at.length; k += 4) {
      addFour(sum, taps, at, weights, k);
    }
    for (; k < at.length; k++) {
      addOne(sum, taps[at[k]], weights[k]);
    }
  }

  /** Four at once, so that the sums are loaded and stored a quarter as often. */
  private static void addFour(int[] sum, int[][] taps, int[] at, int[] weights, int k) {
    int[] a = taps[at[k]];
    int[] b = taps[at[k + 1]];
    int[] c = taps[at[k + 2]];
    int[] d = taps[at[k + 3]];
    int wa = weights[k];
    int wb = weights[k + 1];
    int wc = weights[k + 2];
    int wd = weights[k + 3];
    for (int i = 0; i < sum.length; i++) {
      sum[i] += wa * a[i] + wb * b[i] + wc * c[i] + wd * d[i];
    }
  }

  private static void addOne(int[] sum, int[] tap, int weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * tap[i];
    }
  }

  private static void store(int[] sum, int[] y, Plane plane) {
    for (int row = 0; row < plane.height(); row++) {
      int at = plane.first() + row * plane.rowStride();
      for (int column = 0; column < plane.width(); column++) {
        y[at + column * plane.columnStride()] = sum[row * plane.width() + column];
      }
    }
  }
}
