// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.diagnostic.Location;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Value;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Layout;
import dev.etch.op.Requantize;
import dev.etch.op.Window;
import dev.etch.op.requantization.Average;
import dev.etch.op.requantization.Requantization;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reports of averages that often are ties, exactly where float32 sums round. */
class AverageTiesTest {
  @ParameterizedTest
  @CsvSource({
    "0.1, 0.1, 2, 2, true",
    "0.1, 0.1, 1, 3, false",
    "0.1, 0.2, 1, 3, true",
    "0.1, 0.05, 1, 2, false",
    "0.1, 0.05, 2, 2, true",
    "0.1, 0.11, 2, 2, true",
    "0.1, 0.1134, 2, 2, false",
    "0.3, 0.1, 2, 2, true",
    // 0x1.8p-3: sums of few bits.
    "0.1875, 0.1875, 2, 2, false",
    "0.0625, 0.0625, 2, 2, false"
  })
  void reportsWhereTiesAreRounded(
      float input, float output, int height, int width, boolean expected) {
    Location location = Location.file("test");
    GraphBuilder builder = new GraphBuilder("test");
    Value x = builder.input("x", new TensorType(IntegerType.INT8, Shape.of(1, 1, 6, 6)));
    Value sums =
        builder.add(
            "s", "s", new IntegerSumPool2d(Window.of(height, width), Layout.NCHW, 3), location, x);
    Requantization average = new Average(input, height * width, output, 0, -128, 127, 0);
    Requantize mean = new Requantize(List.of(average), 0, IntegerType.INT8);
    builder.output(builder.add("y", "y", mean, location, sums));
    assertEquals(expected ? 1 : 0, AverageTies.in(builder.build()).size());
  }
}
