// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Layout;
import dev.etch.op.NearestResize2d;
import dev.etch.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/** MIRROR_PAD of rows and columns: each place of the border copies one of the operand. */
final class MirrorPadReader implements OperatorReader {
  private static final int PADDINGS = 1;
  private static final int MODE = 0;
  private static final int SYMMETRIC = 1;

  @Override
  public String notes() {
    return "rows and columns of maps";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(2, 2);
    Quantizations.requireEqual(node, 0);
    List<Integer> pads = node.numbers(PADDINGS);
    Shape shape = node.operand(0).shape();
    boolean fits =
        shape.rank() == 4
            && pads.size() == 8
            && pads.stream().allMatch(pad -> pad >= 0)
            && pads.get(0) + pads.get(1) + pads.get(6) + pads.get(7) == 0;
    if (!fits) {
      throw new Refusal("paddings " + pads + " of " + shape, "pad rows and columns of maps");
    }
    node.finish(
        new NearestResize2d(Layout.NHWC, sources(node, 1, pads), sources(node, 2, pads)),
        node.value(0));
  }

  /** SYMMETRIC mirrors the outermost element too, REFLECT what is inside of it. */
  private static List<Integer> sources(OperatorContext node, int axis, List<Integer> pads) {
    int extent = node.operand(0).shape().dimension(axis);
    int repeated = node.options().int8(MODE) == SYMMETRIC ? 1 : 0;
    int before = pads.get(2 * axis);
    int after = pads.get(2 * axis + 1);
    int most = extent - 1 + repeated;
    if (Math.max(before, after) > most) {
      throw new Refusal(
          "it pads axis %d of %d elements by %d and %d".formatted(axis, extent, before, after),
          "at most " + most);
    }
    return IntStream.range(-before, extent + after)
        .map(at -> at < 0 ? -at - repeated : at)
        .map(at -> at < extent ? at : 2 * (extent - 1) - at + repeated)
        .boxed()
        .toList();
  }
}
