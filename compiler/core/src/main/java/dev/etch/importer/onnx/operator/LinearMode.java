// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.LinearResize2d.Blend;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What Resize in mode linear mixes each element of, in float32 as ONNX Runtime does ({@code
 * SetupUpsampleBilinear}).
 */
record LinearMode(NearestMode.Transformation transformation) {
  private static final float HALF = 0.5f;

  /** The mode that a node asks for. */
  static LinearMode of(Attributes attributes) {
    return new LinearMode(NearestMode.transformation(attributes));
  }

  /** For each element of the result, the operand's neighbours and their weights. */
  List<Blend> blends(ResizeReader.Extent extent) {
    return IntStream.range(0, extent.to()).mapToObj(i -> blend(i, extent)).toList();
  }

  private Blend blend(int element, ResizeReader.Extent extent) {
    float given = extent.scale() == 1 ? element : transformation.place(element, extent);
    float place = Math.max(0, Math.min(given, extent.from() - 1));
    int first = Math.min((int) place, extent.from() - 1);
    int second = Math.min(first + 1, extent.from() - 1);
    return first == second
        ? new Blend(first, second, HALF, HALF)
        : new Blend(first, second, Math.abs(place - second), Math.abs(place - first));
  }
}
