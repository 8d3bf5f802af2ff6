// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.graph.Node;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.Layout;
import dev.etch.op.Requantize;
import dev.etch.op.Window;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Integer convolution with constant weights and the requantization after it, in float32.
 *
 * <p>float32 adds and multiplies integers exactly as long as no sum leaves 2^24, in whatever order;
 * that no sum of this layer can is proved from its weights before the layer is made. The zero point
 * is not subtracted from the inputs but, times the weights, from the bias; padding reads as the
 * zero point.
 */
final class ConvolutionLayer implements Layer {
  /** Elements of an output that are worked on at a time. */
  private static final int LONGEST_PIECE = 2048;

  /** Elements of all inputs that are worked on at a time. */
  private static final int PIECES_SIZE = 4096;

  private final IntegerConv2d op;
  private final TensorType output;
  private final List<List<WeightBlock>> groups;
  private final float[] biases;
  private final List<FloatStaircase> staircases;
  private final int channelsPerGroup;

  private ConvolutionLayer(
      IntegerConv2d op,
      TensorType output,
      List<List<WeightBlock>> groups,
      float[] biases,
      List<FloatStaircase> staircases,
      int channelsPerGroup) {
    this.op = op;
    this.output = output;
    this.groups = groups;
    this.biases = biases;
    this.staircases = staircases;
    this.channelsPerGroup = channelsPerGroup;
  }

  /**
   * A layer for a convolution whose only reader is {@code requantize}, if weights and bias are
   * constants and float32 is exact.
   */
  static Optional<Layer> make(IntegerConv2d op, Kernels.Site site, Node requantize) {
    Requantize end = (Requantize) requantize.op();
    if (!site.isKnown(1) || !site.isKnown(2) || !isByChannel(end, op.layout())) {
      return Optional.empty();
    }
    IntegerTensor weights = site.constant(1).orElseThrow();
    IntegerType type = (IntegerType) site.node().inputs().get(0).type().element();
    return WeightRows.exactInFloat(weights, site.constant(2), type, op.inputZeroPoint())
        .map(
            rows ->
                new ConvolutionLayer(
                    op,
                    requantize.output().type(),
                    blocks(rows, op.groups()),
                    floats(rows.biases()),
                    end.channels().stream().map(FloatStaircase::of).toList(),
                    weights.shape().dimension(1)));
  }

  private static boolean isByChannel(Requantize op, Layout layout) {
    return op.channels().size() == 1 || op.channelAxis() == layout.channelAxis();
  }

  private static List<List<WeightBlock>> blocks(WeightRows rows, int groups) {
    int outputs = rows.outputs() / groups;
    List<List<WeightBlock>> blocks = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      blocks.add(WeightBlock.of(rows, group * outputs, (group + 1) * outputs));
    }
    return blocks;
  }

  private static float[] floats(int[] integers) {
    float[] floats = new float[integers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = integers[i];
    }
    return floats;
  }

  @Override
  public List<Activation> run(Activation[] operands, Scratch scratch) {
    Layout layout = op.layout();
    Planes x = operands[0].planes(layout);
    Shape shape = output.shape();
    int height = shape.dimension(layout.heightAxis());
    int width = shape.dimension(layout.widthAxis());
    TapReader reader = new TapReader(op.window(), height, width, op.inputZeroPoint());
    boolean pointwise = op.window().equals(Window.of(1, 1));
    int length = pointwise ? x.span() : reader.length();
    int images = shape.dimension(0);
    float[][] y = new float[images * biases.length][Scratch.aligned(length)];
    for (int image = 0; image < images; image++) {
      for (int group = 0; group < groups.size(); group++) {
        int firstChannel = (image * groups.size() + group) * channelsPerGroup;
        float[][] taps =
            pointwise
                ? Arrays.copyOfRange(x.data(), firstChannel, firstChannel + channelsPerGroup)
                : taps(x, firstChannel, reader, scratch);
        multiply(groups.get(group), taps, y, image * biases.length, length);
      }
    }
    int rowStride = pointwise ? x.rowStride() : reader.rowStride();
    return List.of(new Activation(output, new Planes(layout, height, width, rowStride, y)));
  }

  private float[][] taps(Planes x, int firstChannel, TapReader reader, Scratch scratch) {
    int area = op.window().kernelHeight() * op.window().kernelWidth();
    float[][] taps = scratch.arrays(channelsPerGroup * area, reader.length());
    float[] buffer = scratch.buffer(reader.bufferLength());
    reader.clear(buffer);
    for (int channel = 0; channel < channelsPerGroup; channel++) {
      reader.split(x, firstChannel + channel, buffer);
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
    blocks.forEach(block -> finish(block, y, image, length));
  }

  private void begin(WeightBlock block, float[][] y, int image) {
    for (int i = 0; i < block.outputs(); i++) {
      Arrays.fill(y[image + block.firstOutput() + i], biases[block.firstOutput() + i]);
    }
  }

  private void finish(WeightBlock block, float[][] y, int image, int length) {
    for (int i = 0; i < block.outputs(); i++) {
      int output = block.firstOutput() + i;
      staircases.get(staircases.size() == 1 ? 0 : output).apply(y[image + output], 0, length);
    }
  }
}
