// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.graph.Node;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Layout;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Window;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Pooling of integer feature maps on planes: one kernel position after another over all outputs, or
 * one window after another where there are few.
 */
final class PoolLayer implements Layer {
  private final TensorType output;
  private final Layout layout;
  private final Window window;
  private final float padding;
  private final float start;
  private final Fold fold;
  private final FloatBinaryOperator single;

  /** One step of the fold. */
  private interface FloatBinaryOperator {
    float apply(float result, float element);
  }

  /** Takes what one kernel position sees into the results, over the first elements. */
  private interface Fold {
    void take(float[] results, float[] tap, int length);
  }

  private PoolLayer(
      Node node,
      Layout layout,
      Window window,
      float padding,
      float start,
      Fold fold,
      FloatBinaryOperator single) {
    this.output = node.output().type();
    this.layout = layout;
    this.window = window;
    this.padding = padding;
    this.start = start;
    this.fold = fold;
    this.single = single;
  }

  /** A layer for max pooling of integers that float32 holds. */
  static Optional<Layer> ofMaximum(Node node) {
    MaxPool2d op = (MaxPool2d) node.op();
    return node.output().type().element() instanceof IntegerType type
            && largest(type, 0) <= Planes.EXACT
        ? Optional.of(
            new PoolLayer(
                node,
                op.layout(),
                op.window(),
                type.minimum(),
                type.minimum(),
                PoolLayer::maximum,
                Math::max))
        : Optional.empty();
  }

  /** A layer for sums that float32 holds. */
  static Optional<Layer> ofSum(Node node) {
    IntegerSumPool2d op = (IntegerSumPool2d) node.op();
    Window w = op.window();
    IntegerType type = (IntegerType) node.inputs().get(0).type().element();
    int area = w.kernelHeight() * w.kernelWidth();
    long largest = 2L * area * largest(type, op.inputZeroPoint());
    return largest <= Planes.EXACT
        ? Optional.of(
            new PoolLayer(
                node,
                op.layout(),
                w,
                op.inputZeroPoint(),
                -(float) area * op.inputZeroPoint(),
                PoolLayer::add,
                Float::sum))
        : Optional.empty();
  }

  private static long largest(IntegerType type, int zeroPoint) {
    return Math.max(Math.abs((long) zeroPoint), Math.max(type.maximum(), -type.minimum()));
  }

  private static void maximum(float[] results, float[] tap, int length) {
    for (int i = 0; i < length; i++) {
      results[i] = Math.max(results[i], tap[i]);
    }
  }

  private static void add(float[] results, float[] tap, int length) {
    for (int i = 0; i < length; i++) {
      results[i] += tap[i];
    }
  }

  @Override
  public List<Activation> run(Activation[] operands, Scratch scratch) {
    Planes x = operands[0].planes(layout);
    int height = output.shape().dimension(layout.heightAxis());
    int width = output.shape().dimension(layout.widthAxis());
    TapReader reader = new TapReader(window, height, width, padding);
    float[][] y = new float[x.data().length][reader.length()];
    Planes result = new Planes(layout, height, width, reader.rowStride(), y);
    if (!window.isPadded() && reader.length() < window.kernelHeight() * window.kernelWidth()) {
      foldWindows(x, result);
    } else {
      foldTaps(x, y, reader, scratch);
    }
    return List.of(new Activation(output, result));
  }

  private void foldTaps(Planes x, float[][] y, TapReader reader, Scratch scratch) {
    int area = window.kernelHeight() * window.kernelWidth();
    float[] buffer = scratch.buffer(reader.bufferLength());
    float[] tap = scratch.arrays(1, reader.length())[0];
    for (int i = 0; i < y.length; i++) {
      Arrays.fill(y[i], start);
      reader.split(x, i, buffer, 0);
      for (int position = 0; position < area; position++) {
        reader.read(buffer, position, tap);
        fold.take(y[i], tap, reader.length());
      }
    }
  }

  private void foldWindows(Planes x, Planes to) {
    float[][] y = to.data();
    for (int i = 0; i < y.length; i++) {
      for (int row = 0; row < to.height(); row++) {
        for (int column = 0; column < to.width(); column++) {
          int first = row * window.strideHeight() * x.rowStride() + column * window.strideWidth();
          y[i][row * to.rowStride() + column] = foldWindow(x.data()[i], first, x.rowStride());
        }
      }
    }
  }

  private float foldWindow(float[] data, int first, int rowStride) {
    float result = start;
    for (int i = 0; i < window.kernelHeight(); i++) {
      int row = first + i * window.dilationHeight() * rowStride;
      for (int j = 0; j < window.kernelWidth(); j++) {
        result = single.apply(result, data[row + j * window.dilationWidth()]);
      }
    }
    return result;
  }
}
