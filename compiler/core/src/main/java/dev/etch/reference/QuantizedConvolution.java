// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.graph.Node;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.Layout;
import dev.etch.op.Requantize;
import dev.etch.op.Window;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * An integer convolution with constant weights and the requantization after it, made ready for
 * float32.
 *
 * <p>float32 adds and multiplies integers exactly as long as no sum leaves 2^24, in whatever order;
 * that no sum of this layer can is proved from its weights before the layer is made. The zero point
 * is not subtracted from the inputs but, times the weights, from the bias; padding reads as the
 * zero point.
 *
 * @param op the convolution
 * @param output type of what comes out of the requantization
 * @param rows weights and biases over inputs with their zero point
 * @param biases those of {@code rows}
 * @param staircases one an output channel
 * @param channelsPerGroup input channels of a group
 */
record QuantizedConvolution(
    IntegerConv2d op,
    TensorType output,
    WeightRows rows,
    float[] biases,
    List<FloatStaircase> staircases,
    int channelsPerGroup) {

  /**
   * For a convolution whose only reader is {@code requantize}, if weights and bias are constants
   * and float32 is exact.
   */
  static Optional<QuantizedConvolution> of(
      IntegerConv2d op, Kernels.Site site, Node requantize, Optional<Vectors> vectors) {
    Requantize end = (Requantize) requantize.op();
    if (!site.isKnown(1) || !site.isKnown(2) || !isByChannel(end, op.layout())) {
      return Optional.empty();
    }
    IntegerType type = (IntegerType) site.node().inputs().get(0).type().element();
    int zeroPoint = op.inputZeroPoint();
    FixedOutputs outputs =
        FixedOutputs.of(
            site.constant(1).orElseThrow(), site.constant(2), type, zeroPoint, end.channels());
    return WeightRows.exactInFloat(outputs.weights(), outputs.bias(), type, zeroPoint)
        .map(
            rows ->
                new QuantizedConvolution(
                    op,
                    requantize.output().type(),
                    rows,
                    floats(rows.biases()),
                    outputs.staircases(o -> rows.bound(o, type, zeroPoint), vectors),
                    outputs.weights().shape().dimension(1)));
  }

  private static boolean isByChannel(Requantize op, Layout layout) {
    return op.channels().size() == 1 || op.channelAxis() == layout.channelAxis();
  }

  private static float[] floats(int[] integers) {
    float[] floats = new float[integers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = integers[i];
    }
    return floats;
  }

  /** Reads what the kernel positions see. */
  TapReader reader(TapReader.RowCopy rows) {
    return new TapReader(op.window(), height(), width(), op.inputZeroPoint(), rows);
  }

  /** Whether an output pixel sees one input pixel, that at its own place. */
  boolean isPointwise() {
    return op.window().equals(Window.of(1, 1));
  }

  /** Kernel positions. */
  int area() {
    return op.window().kernelHeight() * op.window().kernelWidth();
  }

  /** Rows of the output. */
  int height() {
    return output.shape().dimension(op.layout().heightAxis());
  }

  /** Columns of the output. */
  int width() {
    return output.shape().dimension(op.layout().widthAxis());
  }

  /** Images in a batch. */
  int images() {
    return output.shape().dimension(0);
  }

  /** Output channels. */
  int outputs() {
    return biases.length;
  }

  /** Output channels of a group. */
  int outputsPerGroup() {
    return biases.length / op.groups();
  }

  /** Requantizes the sums of each channel of each image. */
  void requantize(float[][] sums, int length) {
    for (int i = 0; i < sums.length; i++) {
      staircases.get(i % outputs()).apply(sums[i], 0, length);
    }
  }

  /** The result, from its channels. */
  Activation result(float[][] channels, int rowStride) {
    return new Activation(output, new Planes(op.layout(), height(), width(), rowStride, channels));
  }
}
