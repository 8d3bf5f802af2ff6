// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.diagnostic.Printable;
import dev.etch.importer.Refusal;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Where Resize to the nearest element takes each element from, in float32 as ONNX Runtime does. */
record NearestMode(Transformation transformation, Rounding rounding) {
  /** The place in the operand of an element of the result. */
  @FunctionalInterface
  interface Transformation {
    float place(int element, ResizeReader.Extent extent);
  }

  /** The element nearest to a place. */
  @FunctionalInterface
  interface Rounding {
    double nearest(float place);
  }

  private static final double HALF_WAY = 1e-6;

  private static final Map<String, Transformation> TRANSFORMATIONS =
      Map.of(
          "half_pixel", (i, extent) -> (i + 0.5f) / extent.scale() - 0.5f,
          "pytorch_half_pixel",
              (i, extent) -> extent.to() > 1 ? (i + 0.5f) / extent.scale() - 0.5f : 0,
          "asymmetric", (i, extent) -> i / extent.scale(),
          "tf_half_pixel_for_nn", (i, extent) -> (i + 0.5f) / extent.scale(),
          "align_corners",
              (i, extent) ->
                  extent.to() == 1 ? 0 : (float) i * (extent.from() - 1) / (extent.to() - 1));

  private static final Map<String, Rounding> ROUNDINGS =
      Map.of(
          "round_prefer_floor",
          x -> isHalf(x) ? Math.floor(x) : Math.rint(x),
          "round_prefer_ceil",
          x -> isHalf(x) ? Math.ceil(x) : Math.rint(x),
          "floor",
          Math::floor,
          "ceil",
          Math::ceil);

  /** Present releases take what is this close to half-way for half-way. */
  private static boolean isHalf(float place) {
    return Math.abs(place - Math.floor(place) - 0.5) <= HALF_WAY;
  }

  /** The mode that a node asks for. */
  static NearestMode of(Attributes attributes) {
    return new NearestMode(
        transformation(attributes),
        find(attributes, "nearest_mode", "round_prefer_floor", ROUNDINGS));
  }

  /** Where elements of the result lie in the operand. */
  static Transformation transformation(Attributes attributes) {
    return find(attributes, "coordinate_transformation_mode", "half_pixel", TRANSFORMATIONS);
  }

  private static <T> T find(
      Attributes attributes, String name, String otherwise, Map<String, T> known) {
    String text = attributes.text(name, otherwise);
    T found = known.get(text);
    if (found == null) {
      throw new Refusal(
          name + " is " + Printable.of(text),
          "one of " + String.join(", ", known.keySet().stream().sorted().toList()));
    }
    return found;
  }

  /** For each element of the result, the operand's element. */
  List<Integer> sources(ResizeReader.Extent extent) {
    return IntStream.range(0, extent.to())
        .map(i -> (int) rounding.nearest(extent.changes() ? transformation.place(i, extent) : i))
        .map(source -> Math.max(0, Math.min(extent.from() - 1, source)))
        .boxed()
        .toList();
  }
}
