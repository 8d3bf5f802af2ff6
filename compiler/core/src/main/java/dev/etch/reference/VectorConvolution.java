// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A convolution on {@link Vectors}. The padded input channels of a group lie one after another in
 * one array; a kernel position of a channel is then an offset into it, and zero weights are offsets
 * that are not in the list.
 */
final class VectorConvolution implements Layer {
  /** Elements of an output that are worked on at a time, so that inputs stay in the cache. */
  private static final int PIECE = 1536;

  private final QuantizedConvolution convolution;
  private final Vectors vectors;
  private final TapReader reader;
  private final List<List<WeightBlock>> groups = new ArrayList<>();

  VectorConvolution(QuantizedConvolution convolution, Vectors vectors) {
    this.convolution = convolution;
    this.vectors = vectors;
    this.reader = convolution.reader(vectors::copyRow);
    int outputs = convolution.outputsPerGroup();
    for (int first = 0; first < convolution.outputs(); first += outputs) {
      groups.add(
          WeightBlock.of(convolution.rows(), first, first + outputs, vectors.blockSizes()).stream()
              .map(block -> block.withInputs(offsets(block.inputs())))
              .toList());
    }
  }

  private int[] offsets(int[] inputs) {
    int area = convolution.area();
    return Arrays.stream(inputs)
        .map(i -> i / area * reader.bufferLength() + reader.offset(i % area))
        .toArray();
  }

  @Override
  public List<Activation> run(Activation[] operands, Scratch scratch) {
    Planes x = operands[0].planes(convolution.op().layout());
    int channels = convolution.channelsPerGroup();
    int plane = reader.bufferLength();
    int length = reader.length();
    int outputs = convolution.outputs();
    float[][] y = scratch.planes(convolution.images() * outputs, vectors.padded(length));
    float[] buffer = scratch.buffer(channels * plane + vectors.padded(length));
    for (int part = 0; part < convolution.images() * groups.size(); part++) {
      for (int channel = 0; channel < channels; channel++) {
        reader.split(x, part * channels + channel, buffer, channel * plane);
      }
      int image = part / groups.size();
      multiply(groups.get(part % groups.size()), buffer, y, image * outputs, length);
    }
    convolution.requantize(y, length);
    return List.of(convolution.result(y, reader.rowStride()));
  }

  private void multiply(List<WeightBlock> blocks, float[] x, float[][] y, int image, int length) {
    for (int begin = 0; begin < length; begin += PIECE) {
      int end = Math.min(length, begin + PIECE);
      for (WeightBlock block : blocks) {
        vectors.multiply(block, x, convolution.biases(), y, image, begin, end);
      }
    }
  }
}
