// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Node;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.op.Op;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small integer models with random weights. */
public final class Models {
  public static final Location HERE = Location.file("random");
  private static final double MEAN_WEIGHT = 6;

  private final Random random;
  private final GraphBuilder builder = new GraphBuilder("random");

  public Models(long seed) {
    this.random = new Random(seed);
  }

  public Value input(IntegerType type, int... shape) {
    return builder.input("x", new TensorType(type, Shape.of(shape)));
  }

  public Value add(String name, Op op, Value... operands) {
    return builder.add(name, op, HERE, operands);
  }

  /** Weights of which {@code density} are not zero. */
  public Value weights(String name, double density, int... shape) {
    int[] data = new int[Shape.of(shape).elements()];
    for (int i = 0; i < data.length; i++) {
      data[i] = random.nextDouble() < density ? random.nextInt(255) - 127 : 0;
    }
    return builder.constant(name, IntegerTensor.of(IntegerType.INT8, Shape.of(shape), data), HERE);
  }

  /** Weights of which {@code density} are not zero, but one of at most 127 values. */
  public Value clustered(String name, int values, double density, int... shape) {
    int[] data = new int[Shape.of(shape).elements()];
    for (int i = 0; i < data.length; i++) {
      data[i] = random.nextDouble() < density ? random.nextInt(values) - 127 : 0;
    }
    return builder.constant(name, IntegerTensor.of(IntegerType.INT8, Shape.of(shape), data), HERE);
  }

  /** Weights of which {@code density} are not zero, and small ones are frequent. */
  public Value skewed(String name, double density, int... shape) {
    int[] data = new int[Shape.of(shape).elements()];
    for (int i = 0; i < data.length; i++) {
      int size = Math.min(127, 1 + (int) (-MEAN_WEIGHT * Math.log(1 - random.nextDouble())));
      int weight = random.nextBoolean() ? size : -size;
      data[i] = random.nextDouble() < density ? weight : 0;
    }
    return builder.constant(name, IntegerTensor.of(IntegerType.INT8, Shape.of(shape), data), HERE);
  }

  public Value biases(String name, int channels) {
    int[] data = random.ints(channels, -2000, 2000).toArray();
    Shape shape = Shape.of(channels);
    return builder.constant(name, IntegerTensor.of(IntegerType.INT32, shape, data), HERE);
  }

  /** A requantization per channel to unsigned 8 bits. */
  public Value requantize(String name, Value value, int axis) {
    List<Requantization> channels = new ArrayList<>();
    for (int c = 0; c < value.type().shape().dimension(axis); c++) {
      float scale = 0.001f + random.nextFloat() * 0.004f;
      channels.add(new ScaleThenRound(scale, 7, 0, 255));
    }
    return add(name, new Requantize(channels, axis, IntegerType.UINT8), value);
  }

  public PartitionedModel model(Value... outputs) {
    for (Value output : outputs) {
      builder.output(output);
    }
    Graph graph = builder.build();
    return new PartitionedModel(graph, graph, graph, graph);
  }

  public IntegerTensor frame(Value input) {
    IntegerType type = (IntegerType) input.type().element();
    int[] data = new int[input.type().shape().elements()];
    for (int i = 0; i < data.length; i++) {
      data[i] = (int) type.minimum() + random.nextInt(1 << type.bits());
    }
    return new IntegerTensor(input.type(), data);
  }

  /** The graph's output by the operators' own definitions. */
  public static IntegerTensor evaluate(Graph graph, IntegerTensor input) {
    Map<Value, Tensor> values = new HashMap<>();
    values.put(graph.inputs().get(0), input);
    for (Node node : graph.nodes()) {
      List<Tensor> operands = node.inputs().stream().map(values::get).toList();
      List<Tensor> results = node.op().evaluate(operands);
      for (int i = 0; i < results.size(); i++) {
        values.put(node.outputs().get(i), results.get(i));
      }
    }
    return (IntegerTensor) values.get(graph.outputs().get(0));
  }
}
