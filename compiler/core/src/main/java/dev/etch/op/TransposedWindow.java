// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.OperatorException;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Geometry of a transposed convolution: each place of the input adds the kernel, times its value,
 * to the result, {@code stride} places apart.
 *
 * <p>It is also a convolution of stride 1 whose channels are the phases of the result, its places
 * modulo the stride, each with the taps of the kernel that reach it (Dumoulin and Visin, "A guide
 * to convolution arithmetic for deep learning", chapter 4; Shi et al., "Is the deconvolution layer
 * the same as a convolutional layer?"): {@link #convolution} has its window, {@link #phases} its
 * weights, and {@link #assembly} what brings the phases to their places.
 *
 * @param rows down
 * @param columns across
 */
public record TransposedWindow(Axis rows, Axis columns) {
  private static final int LARGEST = 1 << 15;

  /** From each of the layouts with the two axes of phases behind the channels. */
  private static final List<Integer> INTERLEAVED = List.of(0, 1, 4, 2, 5, 3);

  /**
   * One direction: tap k of the kernel at place i of the input adds to place {@code i * stride + k
   * * dilation - begin} of the result, if it has that place.
   *
   * @param kernel taps, at least 1
   * @param stride places of the result between neighbours of the input, at least 1
   * @param dilation places of the result between neighbouring taps, at least 1
   * @param begin places that are cut off at the beginning, at least 0
   * @param extent of the result, at least 1
   */
  public record Axis(int kernel, int stride, int dilation, int begin, int extent) {
    public Axis {
      if (Math.min(kernel, Math.min(stride, dilation)) < 1) {
        throw new OperatorException("kernel, stride and dilation must be at least 1", "");
      }
      if (begin < 0 || extent < 1) {
        throw new OperatorException(
            "a transposed convolution with %d results, %d cut off".formatted(extent, begin),
            "check its pads and the shape of its result");
      }
      long span = (kernel - 1L) * dilation + 1;
      if (Math.max(Math.max(span, stride), Math.max(begin, extent)) > LARGEST) {
        throw new OperatorException(
            "a transposed convolution of %d taps and %d results is too large"
                .formatted(kernel, extent),
            "at most " + LARGEST + " places");
      }
    }

    /** The place of the input whose tap {@code k} adds to a place of the result; -1 if none. */
    int source(int place, int k) {
      int from = place + begin - k * dilation;
      return from >= 0 && from % stride == 0 ? from / stride : -1;
    }

    /** Places of the input that one place of the result can depend on. */
    private int taps() {
      return (kernel - 1) * dilation / stride + 1;
    }

    /** The first group of phases that is computed. */
    private int first() {
      return Math.min(begin / stride, taps() - 1);
    }

    private int padBefore() {
      return taps() - 1 - first();
    }

    private int padAfter(int input) {
      return Math.max(0, Math.max(groups(), first() + 1) - input);
    }

    /** Groups of phases, counted from place 0 of the uncut result, until the result is complete. */
    private int groups() {
      return (begin + extent + stride - 1) / stride;
    }

    /** Groups of phases that the convolution computes. */
    private int computed(int input) {
      return input + padAfter(input) - first();
    }

    /** Places of the assembled phases in front of the result. */
    private int cropped() {
      return begin - first() * stride;
    }

    /** The phase that tap {@code k} adds to. */
    private int phase(int k) {
      return k * dilation % stride;
    }

    /** Where tap {@code k} is in the kernel of its phase. */
    private int place(int k) {
      return taps() - 1 - k * dilation / stride;
    }
  }

  /** Channels of the convolution for each channel of the result. */
  public int phases() {
    return Math.multiplyExact(rows.stride, columns.stride);
  }

  /** The window of the convolution over maps of {@code height} rows and {@code width} columns. */
  public Window convolution(int height, int width) {
    return new Window(
        rows.taps(),
        columns.taps(),
        1,
        1,
        1,
        1,
        rows.padBefore(),
        columns.padBefore(),
        rows.padAfter(height),
        columns.padAfter(width));
  }

  /**
   * The weights of the convolution: output channel {@code c * phases() + p} has those of phase p of
   * channel c, and zeros where the phase has no tap.
   *
   * @param weights [outputs, inputs / groups, kernelHeight, kernelWidth]
   */
  public IntegerTensor phases(IntegerTensor weights) {
    int outputs = weights.shape().dimension(0);
    int inputs = weights.shape().dimension(1);
    Shape shape =
        Shape.of(Math.multiplyExact(outputs, phases()), inputs, rows.taps(), columns.taps());
    int[] strides = shape.strides();
    int[] data = new int[Operands.shape(shape.dimensions()).elements()];
    int from = 0;
    for (int o = 0; o < outputs; o++) {
      for (int c = 0; c < inputs; c++) {
        for (int i = 0; i < rows.kernel; i++) {
          for (int j = 0; j < columns.kernel; j++) {
            int phase = rows.phase(i) * columns.stride + columns.phase(j);
            int to = (o * phases() + phase) * strides[0] + c * strides[1];
            data[to + rows.place(i) * strides[2] + columns.place(j)] = weights.data()[from++];
          }
        }
      }
    }
    return new IntegerTensor(new TensorType(weights.type().element(), shape), data);
  }

  /**
   * What makes the result of the convolution's: Reshape, Transpose and Reshape bring the phases to
   * their places, and a Slice cuts off the pads, if there are any.
   *
   * @param input shape of the operand
   * @param channels of the result
   */
  public List<Op> assembly(Layout layout, Shape input, int channels) {
    int batch = input.dimension(0);
    int height = rows.computed(input.dimension(layout.heightAxis()));
    int width = columns.computed(input.dimension(layout.widthAxis()));
    int tall = Math.multiplyExact(height, rows.stride);
    int wide = Math.multiplyExact(width, columns.stride);
    boolean channelsFirst = layout == Layout.NCHW;
    List<Op> operators = new ArrayList<>();
    if (phases() > 1) {
      operators.add(
          new Reshape(
              channelsFirst
                  ? List.of(batch, channels, rows.stride, columns.stride, height, width)
                  : List.of(batch, height, width, channels, rows.stride, columns.stride)));
      operators.add(new Transpose(INTERLEAVED));
      operators.add(new Reshape(layout.shape(batch, channels, tall, wide).dimensions()));
    }
    if (tall != rows.extent || wide != columns.extent) {
      int[] starts = new int[4];
      starts[layout.heightAxis()] = rows.cropped();
      starts[layout.widthAxis()] = columns.cropped();
      operators.add(
          new Slice(
              Arrays.stream(starts).boxed().toList(),
              List.of(1, 1, 1, 1),
              layout.shape(batch, channels, rows.extent, columns.extent).dimensions()));
    }
    return operators;
  }
}
