// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import static dev.etch.importer.onnx.TestModel.FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.importer.onnx.format.AttributeProto;
import dev.etch.op.NearestResize2d;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Element-wise functions, slices and resizing: what is read, and what is said about the rest. */
class RefusedFunctionTest extends ImporterTestCase {
  private static final AttributeProto NEAREST = TestModel.text("mode", "nearest");

  private static TestModel x(long... dims) {
    return new TestModel(18).input("x", FLOAT, dims).output("y");
  }

  private static TestModel resize(AttributeProto... attributes) {
    return x(1, 2, 3, 4)
        .floats("scales", List.of(4L), 1, 1, 2, 2)
        .node("Resize", List.of("x", "", "scales"), "y", attributes);
  }

  @Test
  void attributesOfFunctions() throws IOException {
    assertRefused(
        "is NaN",
        x(1, 4).node("LeakyRelu", List.of("x"), "y", TestModel.number("alpha", Float.NaN)));
    assertRefused(
        "is Infinity",
        x(1, 4).node("Elu", List.of("x"), "y", TestModel.number("alpha", Float.POSITIVE_INFINITY)));
    assertRefused(
        "approximate = sometimes",
        x(1, 4).node("Gelu", List.of("x"), "y", TestModel.text("approximate", "sometimes")));
    assertRefused(
        "is not constant", x(1, 4).input("s", FLOAT, 1, 4).node("PRelu", List.of("x", "s"), "y"));
    assertRefused(
        "one number for the tensor",
        x(1, 2, 2).floats("s", List.of(2L, 2L), 1, 2, 3, 4).node("PRelu", List.of("x", "s"), "y"));
  }

  @Test
  void resizing() throws IOException {
    assertRefused("mixes many elements", resize(TestModel.text("mode", "cubic")));
    assertRefused("nearest_mode is up", resize(NEAREST, TestModel.text("nearest_mode", "up")));
    assertRefused(
        "coordinate_transformation_mode is tf_crop_and_resize",
        resize(NEAREST, TestModel.text("coordinate_transformation_mode", "tf_crop_and_resize")));
    assertRefused("antialias", resize(NEAREST, TestModel.integer("antialias", 1)));
    assertRefused(
        "batch or channels",
        x(1, 2, 3, 4)
            .floats("scales", List.of(4L), 1, 2, 2, 2)
            .node("Resize", List.of("x", "", "scales"), "y"));
    assertRefused("0 scales and 0 sizes", x(1, 2, 3, 4).node("Resize", List.of("x"), "y"));
    assertRefused(
        "gets 1.2E",
        x(1, 2, 3, 4)
            .floats("scales", List.of(4L), 1, 1, 2, 3e7f)
            .node("Resize", List.of("x", "", "scales"), "y"));
    NearestResize2d read =
        only(read(resize(TestModel.text("nearest_mode", "floor"))), NearestResize2d.class);
    // (i + 0.5) / 2 - 0.5, rounded down.
    assertEquals(List.of(0, 0, 0, 1, 1, 2), read.rows());
    assertEquals(List.of(0, 0, 0, 1, 1, 2, 2, 3), read.columns());
  }

  @Test
  void slicesAndSplits() throws IOException {
    assertArrayEquals(
        new float[] {4, 2},
        run(
            read(
                x(4).longs("s", List.of(1L), -1)
                    .longs("e", List.of(1L), Long.MIN_VALUE)
                    .longs("a", List.of(1L), 0)
                    .longs("d", List.of(1L), -2)
                    .node("Slice", List.of("x", "s", "e", "a", "d"), "y")),
            1,
            2,
            3,
            4));
    assertRefused(
        "is empty",
        x(4).longs("s", List.of(1L), 3)
            .longs("e", List.of(1L), 2)
            .node("Slice", List.of("x", "s", "e"), "y"));
    assertRefused(
        "no step 0",
        x(4).longs("s", List.of(1L), 0)
            .longs("e", List.of(1L), 2)
            .longs("a", List.of(1L), 0)
            .node("Slice", List.of("x", "s", "e", "a", "a"), "y"));
    assertRefused(
        "splits 4 elements into [3]",
        x(4).longs("p", List.of(1L), 3).node("Split", List.of("x", "p"), "y"));
    assertRefused(
        "num_outputs is 2",
        x(4).node("Split", List.of("x"), "y", TestModel.integer("num_outputs", 2)));
  }

  @Test
  void meansAndProducts() throws IOException {
    assertRefused(
        "mean over axes [1]",
        x(1, 2, 3, 4).longs("a", List.of(1L), 1).node("ReduceMean", List.of("x", "a"), "y"));
    assertRefused(
        "do not broadcast", x(1, 2).input("z", FLOAT, 1, 3).node("Mul", List.of("x", "z"), "y"));
  }
}
