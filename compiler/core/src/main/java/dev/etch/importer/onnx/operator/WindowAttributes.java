// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Window;
import java.util.Collections;
import java.util.List;

/**
 * Geometry of convolution and pooling: kernel_shape, strides, dilations, pads, auto_pad and
 * ceil_mode as ONNX defines them. One spatial axis is read as the columns of a single row.
 *
 * @param window with the padding that the model asks for
 * @param extraBottom rows of padding that ceil_mode adds below
 * @param extraRight columns of padding that ceil_mode adds on the right
 */
record WindowAttributes(Window window, int extraBottom, int extraRight) {
  /** Larger extents would overflow, and no hardware could buffer them. */
  private static final int MOST = 1 << 15;

  /** Names of the attributes read here, without ceil_mode. */
  static final List<String> NAMES =
      List.of("kernel_shape", "strides", "dilations", "pads", "auto_pad");

  /** The window with the padding of ceil_mode included. */
  Window whole() {
    return padded(
        window.padTop(),
        window.padLeft(),
        window.padBottom() + extraBottom,
        window.padRight() + extraRight);
  }

  /** The window with other padding. */
  Window padded(int top, int left, int bottom, int right) {
    return new Window(
        window.kernelHeight(),
        window.kernelWidth(),
        window.strideHeight(),
        window.strideWidth(),
        window.dilationHeight(),
        window.dilationWidth(),
        top,
        left,
        bottom,
        right);
  }

  /** Whether ceil_mode adds padding. */
  boolean hasExtra() {
    return extraBottom + extraRight > 0;
  }

  /**
   * Reads the attributes of a node.
   *
   * @param spatial extents of the spatial axes, one or two
   * @param kernel extents of the kernel that the weights have; empty if only kernel_shape tells
   */
  static WindowAttributes read(Attributes attributes, List<Integer> spatial, List<Integer> kernel) {
    int axes = spatial.size();
    List<Integer> shape = list(attributes, "kernel_shape", axes, kernel);
    if (!kernel.isEmpty() && !kernel.equals(shape)) {
      throw new Refusal("kernel_shape " + shape + ", but the weights have " + kernel, "");
    }
    List<Integer> ones = Collections.nCopies(axes, 1);
    List<Integer> strides = list(attributes, "strides", axes, ones);
    List<Integer> dilations = list(attributes, "dilations", axes, ones);
    List<Integer> zeros = Collections.nCopies(2 * axes, 0);
    List<Integer> pads = list(attributes, "pads", 2 * axes, zeros);
    String automatic = attributes.text("auto_pad", "NOTSET");
    boolean ceil = attributes.flag("ceil_mode", false);
    Side[] sides = new Side[2];
    sides[0] = new Side(1, 1, 1, 0, 0, 0);
    for (int i = 0; i < axes; i++) {
      Side side =
          new Side(
              atLeastOne(shape.get(i)),
              atLeastOne(strides.get(i)),
              atLeastOne(dilations.get(i)),
              pads.get(i),
              pads.get(axes + i),
              0);
      sides[2 - axes + i] = side.automatic(automatic, spatial.get(i)).ceiled(ceil, spatial.get(i));
    }
    if (!automatic.equals("NOTSET") && !pads.equals(zeros)) {
      throw new Refusal("both auto_pad " + automatic + " and pads " + pads, "give one of them");
    }
    return of(sides[0], sides[1]);
  }

  private static WindowAttributes of(Side rows, Side columns) {
    Window window =
        new Window(
            rows.kernel,
            columns.kernel,
            rows.stride,
            columns.stride,
            rows.dilation,
            columns.dilation,
            rows.begin,
            columns.begin,
            rows.end,
            columns.end);
    return new WindowAttributes(window, rows.extra, columns.extra);
  }

  private static List<Integer> list(
      Attributes attributes, String name, int size, List<Integer> otherwise) {
    List<Integer> list = attributes.integers(name).orElse(otherwise);
    if (list.size() != size) {
      throw new Refusal(
          list.isEmpty()
              ? "attribute '" + name + "' is missing"
              : "attribute '" + name + "' has " + list.size() + " entries, not " + size,
          "");
    }
    for (int value : list) {
      if (value < 0 || value > MOST) {
        throw new Refusal(
            "attribute '" + name + "' is " + list, "entries from 0 to " + MOST + " are supported");
      }
    }
    return list;
  }

  private static int atLeastOne(int value) {
    if (value < 1) {
      throw new Refusal("kernel, stride and dilation must be at least 1", "");
    }
    return value;
  }

  /** One spatial axis. */
  private record Side(int kernel, int stride, int dilation, int begin, int end, int extra) {
    private long span() {
      return (long) (kernel - 1) * dilation + 1;
    }

    private Side automatic(String mode, int extent) {
      return switch (mode) {
        case "NOTSET", "VALID" -> this;
        case "SAME_UPPER" -> same(extent, false);
        case "SAME_LOWER" -> same(extent, true);
        default ->
            throw new Refusal(
                "auto_pad '" + dev.etch.diagnostic.Printable.of(mode) + "' is not known",
                "NOTSET, VALID, SAME_UPPER or SAME_LOWER");
      };
    }

    private Side same(int extent, boolean moreAtBegin) {
      long outputs = ((long) extent + stride - 1) / stride;
      long total = Math.max(0, (outputs - 1) * stride + span() - extent);
      if (total > 2 * MOST) {
        throw new Refusal("auto_pad asks for " + total + " rows or columns of padding", "");
      }
      int less = (int) (total / 2);
      int more = (int) (total - less);
      return moreAtBegin
          ? new Side(kernel, stride, dilation, more, less, extra)
          : new Side(kernel, stride, dilation, less, more, extra);
    }

    /** ceil_mode: one more output if a window would still start inside the input or left pad. */
    private Side ceiled(boolean ceil, int extent) {
      if (span() > extent + begin + (long) end) {
        throw new Refusal(
            "window spans " + span() + ", but the padded input has only " + (extent + begin + end),
            "");
      }
      long room = extent + begin + (long) end - span();
      if (!ceil || room % stride == 0) {
        return this;
      }
      long last = (room / stride + 1) * stride;
      if (last >= extent + (long) begin) {
        return this;
      }
      return new Side(
          kernel, stride, dilation, begin, end, (int) (last + span() - extent - begin - end));
    }
  }
}
