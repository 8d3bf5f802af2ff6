// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.hardware.Design;
import dev.etch.hardware.FrameOrder;
import dev.etch.hardware.MapUnit;
import dev.etch.hardware.Stream;
import dev.etch.hardware.StreamType;
import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.hardware.requantizer.Scale;
import dev.etch.lower.LoweredModel;
import dev.etch.lower.LoweredModel.Meaning;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.DequantizeThenQuantize;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What the hand-written increment.v computes, as the compiler would describe it. */
final class IncrementModel {
  static final TensorType TYPE = new TensorType(IntegerType.UINT8, Shape.of(1, 2, 2, 2));

  private IncrementModel() {}

  /** Adds 1 to each of 8 elements below 255, two a beat; the stream goes backwards. */
  static LoweredModel lowered() {
    GraphBuilder builder = new GraphBuilder("increment");
    Value input = builder.input("pixels", TYPE);
    Value output = requantized(builder, "plus_one", input, 1, 1);
    builder.output(output);
    Graph graph = builder.build();
    Stream pixels = new Stream("pixels", new StreamType(2, IntegerType.UINT8), 4);
    Stream sums = new Stream("sums", new StreamType(2, IntegerType.UINT8), 4);
    Requantizer requantizer = new Scale(List.of(1L), List.of(1L), 0, TieRule.NONE, 0, 255);
    Map<Stream, Integer> depths = new LinkedHashMap<>();
    depths.put(pixels, 4);
    depths.put(sums, 4);
    Design design =
        new Design(
            "increment",
            List.of(new MapUnit("map", "plus_one", pixels, sums, 8, 1, requantizer)),
            depths,
            pixels,
            sums);
    FrameOrder order = new FrameOrder(new int[] {7, 6, 5, 4, 3, 2, 1, 0});
    Meaning first = new Meaning(input, order);
    Meaning last = new Meaning(output, order);
    return new LoweredModel(
        new PartitionedModel(graph, graph, graph, graph),
        graph,
        design,
        first,
        List.of(last),
        Map.of(pixels, first, sums, last));
  }

  /** The same sums, rounded to hundreds behind the unit that adds. */
  static PartitionedModel thenRounded() {
    GraphBuilder builder = new GraphBuilder("rounded");
    Value sums = requantized(builder, "plus_one", builder.input("pixels", TYPE), 1, 1);
    builder.output(requantized(builder, "hundreds", sums, 100, 0));
    Graph graph = builder.build();
    return new PartitionedModel(graph, graph, graph, graph);
  }

  private static Value requantized(
      GraphBuilder builder, String name, Value from, float scale, int zeroPoint) {
    return builder.add(
        name,
        new Requantize(
            List.of(new DequantizeThenQuantize(1, 0, scale, zeroPoint, 0, 255)),
            0,
            IntegerType.UINT8),
        Location.file("increment.onnx"),
        from);
  }

  /** Random frames with elements 0 to 200. */
  static List<IntegerTensor> frames(int count) {
    Random random = new Random(5);
    List<IntegerTensor> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add(new IntegerTensor(TYPE, random.ints(8, 0, 201).toArray()));
    }
    return frames;
  }
}
