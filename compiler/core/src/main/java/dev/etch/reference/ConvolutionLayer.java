// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.graph.Node;
import dev.etch.op.IntegerConv2d;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A convolution on the loops of {@link Products}: what each kernel position sees is first laid out
 * as one array over all output pixels.
 */
final class ConvolutionLayer implements Layer {
  /** Elements of an output that are worked on at a time. */
  private static final int LONGEST_PIECE = 2048;

  /** Elements of all inputs that are worked on at a time. */
  private static final int PIECES_SIZE = 4096;

  private final QuantizedConvolution convolution;
  private final List<List<WeightBlock>> groups = new ArrayList<>();

  private ConvolutionLayer(QuantizedConvolution convolution) {
    this.convolution = convolution;
    int outputs = convolution.outputsPerGroup();
    for (int first = 0; first < convolution.outputs(); first += outputs) {
      groups.add(WeightBlock.of(convolution.rows(), first, first + outputs));
    }
  }

  /**
   * A layer for a convolution whose only reader is {@code requantize}, if weights and bias are
   * constants and float32 is exact: on vectors if there are any.
   */
  static Optional<Layer> make(
      IntegerConv2d op, Kernels.Site site, Node requantize, Optional<Vectors> vectors) {
    return QuantizedConvolution.of(op, site, requantize, vectors)
        .map(
            convolution ->
                vectors
                    .<Layer>map(loops -> new VectorConvolution(convolution, loops))
                    .orElseGet(() -> new ConvolutionLayer(convolution)));
  }

  @Override
  public List<Activation> run(Activation[] operands, Scratch scratch) {
    Planes x = operands[0].planes(convolution.op().layout());
    TapReader reader = convolution.reader(TapReader::copyRow);
    boolean pointwise = convolution.isPointwise();
    int length = pointwise ? x.span() : reader.length();
    int outputs = convolution.outputs();
    int channels = convolution.channelsPerGroup();
    float[][] y = new float[convolution.images() * outputs][Scratch.aligned(length)];
    for (int part = 0; part < convolution.images() * groups.size(); part++) {
      int first = part * channels;
      float[][] taps =
          pointwise
              ? Arrays.copyOfRange(x.data(), first, first + channels)
              : taps(x, first, reader, scratch);
      int image = part / groups.size();
      multiply(groups.get(part % groups.size()), taps, y, image * outputs, length);
    }
    convolution.requantize(y, length);
    return List.of(convolution.result(y, pointwise ? x.rowStride() : reader.rowStride()));
  }

  private float[][] taps(Planes x, int firstChannel, TapReader reader, Scratch scratch) {
    int area = convolution.area();
    int channels = convolution.channelsPerGroup();
    float[][] taps = scratch.arrays(channels * area, reader.length());
    float[] buffer = scratch.buffer(reader.bufferLength());
    for (int channel = 0; channel < channels; channel++) {
      reader.split(x, firstChannel + channel, buffer, 0);
      for (int position = 0; position < area; position++) {
        reader.read(buffer, position, taps[channel * area + position]);
      }
    }
    return taps;
  }

  /** Works on pieces that stay in the first-level cache while every output reads them. */
  private void multiply(
      List<WeightBlock> blocks, float[][] taps, float[][] y, int image, int length) {
    blocks.forEach(block -> begin(block, y, image));
    int pieces = (length + LONGEST_PIECE - 1) / LONGEST_PIECE;
    int piece = (length + pieces - 1) / pieces;
    int step = Math.max(1, PIECES_SIZE / piece / Products.QUAD) * Products.QUAD;
    int inputs = blocks.stream().mapToInt(block -> block.inputs().length).max().orElse(0);
    for (int begin = 0; begin < length; begin += piece) {
      int end = Math.min(length, begin + piece);
      for (int first = 0; first < inputs; first += step) {
        for (WeightBlock block : blocks) {
          block.multiply(taps, first, first + step, y, image, begin, end);
        }
      }
    }
  }

  private void begin(WeightBlock block, float[][] y, int image) {
    for (int i = 0; i < block.outputs(); i++) {
      Arrays.fill(
          y[image + block.firstOutput() + i], convolution.biases()[block.firstOutput() + i]);
    }
  }
}
