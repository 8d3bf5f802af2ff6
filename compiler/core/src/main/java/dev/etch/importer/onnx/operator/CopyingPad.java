// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Layout;
import dev.etch.op.NearestResize2d;
import dev.etch.tensor.Shape;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Pad whose border copies places of the operand, in modes reflect, edge and wrap: a choice of rows
 * and columns, as a resize to the nearest element has it.
 */
enum CopyingPad {
  /** The border mirrors what is inside of the outermost element. */
  REFLECT {
    @Override
    int source(int at, int extent) {
      int within = at < 0 ? -at : at;
      return within < extent ? within : 2 * (extent - 1) - within;
    }

    @Override
    int most(int extent) {
      return extent - 1;
    }
  },

  /** The border repeats the outermost element. */
  EDGE {
    @Override
    int source(int at, int extent) {
      return Math.max(0, Math.min(extent - 1, at));
    }

    @Override
    int most(int extent) {
      return MOST;
    }
  },

  /** The border goes on at the other end. */
  WRAP {
    @Override
    int source(int at, int extent) {
      return Math.floorMod(at, extent);
    }

    @Override
    int most(int extent) {
      return extent;
    }
  };

  private static final int MOST = 1 << 16;

  /** What place {@code at}, from the operand's first one, copies. */
  abstract int source(int at, int extent);

  /** The widest border of an axis. */
  abstract int most(int extent);

  /** Adds the node of the result; the pads are one an axis. */
  void result(NodeContext node, List<Integer> before, List<Integer> after) {
    Spatial.extents(node, 0);
    Shape shape = node.shape(0);
    boolean last = shape.rank() == 4 && before.get(1) + after.get(1) > 0;
    int still = last ? 3 : 1;
    if (before.get(0) + after.get(0) + before.get(still) + after.get(still) > 0) {
      throw new Refusal(
          "mode " + text() + " pads batch or channels of " + shape,
          "only rows and columns can be padded by copies");
    }
    int columns = last ? 2 : shape.rank() - 1;
    List<Integer> rows =
        shape.rank() == 4 ? sources(shape, columns - 1, before, after) : List.of(0);
    Spatial.result(
        node,
        new NearestResize2d(
            last ? Layout.NHWC : Layout.NCHW, rows, sources(shape, columns, before, after)),
        Spatial.lifted(node, 0));
  }

  private List<Integer> sources(Shape shape, int axis, List<Integer> before, List<Integer> after) {
    int extent = shape.dimension(axis);
    int widest = Math.max(before.get(axis), after.get(axis));
    if (widest > most(extent)) {
      throw new Refusal(
          "mode " + text() + " pads axis " + axis + " of " + shape + " by " + widest,
          "at most " + most(extent));
    }
    return IntStream.range(-before.get(axis), extent + after.get(axis))
        .map(at -> source(at, extent))
        .boxed()
        .toList();
  }

  /** As ONNX spells it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
