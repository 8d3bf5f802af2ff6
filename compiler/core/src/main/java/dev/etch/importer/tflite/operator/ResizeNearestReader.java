// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Layout;
import dev.etch.op.NearestResize2d;
import dev.etch.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/** RESIZE_NEAREST_NEIGHBOR to a constant size. TFLite {@code GetNearestNeighbor}, in float32. */
final class ResizeNearestReader implements OperatorReader {
  private static final int SIZE = 1;
  private static final int ALIGN_CORNERS = 0;
  private static final int HALF_PIXEL_CENTERS = 1;
  private static final int LARGEST = 1 << 16;

  @Override
  public String notes() {
    return "constant size; aligned corners, half-pixel centers";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(2, 2);
    Quantizations.requireEqual(node, 0);
    Shape input = node.operand(0).shape();
    List<Integer> size = node.numbers(SIZE);
    boolean fits =
        input.rank() == 4
            && size.size() == 2
            && size.stream().allMatch(extent -> extent >= 1 && extent <= LARGEST);
    if (!fits) {
      throw new Refusal(
          "size %s from %s".formatted(size, input), "resize [batch, rows, columns, channels]");
    }
    node.finish(
        new NearestResize2d(
            Layout.NHWC,
            sources(node, input.dimension(1), size.get(0)),
            sources(node, input.dimension(2), size.get(1))),
        node.value(0));
  }

  private static List<Integer> sources(OperatorContext node, int from, int to) {
    boolean align = node.options().bool(ALIGN_CORNERS);
    boolean half = node.options().bool(HALF_PIXEL_CENTERS);
    float scale = align && to > 1 ? (from - 1) / (float) (to - 1) : from / (float) to;
    float offset = half ? 0.5f : 0;
    return IntStream.range(0, to)
        .map(i -> nearest((i + offset) * scale, align))
        .map(source -> Math.max(0, Math.min(from - 1, source)))
        .boxed()
        .toList();
  }

  private static int nearest(float place, boolean align) {
    return (int) Math.floor(align ? place + 0.5 : place);
  }
}
