// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.network;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.diagnostic.OperatorException;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Value;
import dev.etch.op.Add;
import dev.etch.op.AveragePool2d;
import dev.etch.op.BatchNormalization;
import dev.etch.op.Conv2d;
import dev.etch.op.Dense;
import dev.etch.op.Layout;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Op;
import dev.etch.op.Relu;
import dev.etch.op.Reshape;
import dev.etch.op.Window;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Builds a network layer by layer, each behind the last one, with {@link InitialWeights}. */
final class NetworkBuilder {
  private static final String INPUT = "image";

  /** Added to variances, as PyTorch does. */
  private static final float EPSILON = 1e-5f;

  private final GraphBuilder graph;
  private final Location location;
  private final InitialWeights initial;
  private Value last;

  /** Begins with an input of one item. */
  NetworkBuilder(String name, Shape item, long seed) {
    this.graph = new GraphBuilder(name);
    this.location = Location.option("--architecture " + name);
    this.initial = new InitialWeights(seed);
    List<Integer> extents = new ArrayList<>(item.dimensions());
    extents.add(0, 1);
    this.last = graph.input(INPUT, new TensorType(FloatType.FLOAT32, new Shape(extents)));
  }

  /** What the last layer gives. */
  Value last() {
    return last;
  }

  /** The next layer is behind this one. */
  NetworkBuilder behind(Value other) {
    last = other;
    return this;
  }

  /** A convolution with biases. */
  NetworkBuilder convolution(String name, Convolution convolution) {
    return add(
        name,
        operator(convolution),
        weights(name, convolution),
        constant(name + ".bias", InitialWeights.equal(convolution.outputs(), 0)));
  }

  /** A convolution without biases, batch normalization and ReLU. */
  NetworkBuilder normalizedRelu(String name, Convolution convolution) {
    return normalized(name, convolution).relu();
  }

  /** A convolution without biases, and batch normalization. */
  NetworkBuilder normalized(String name, Convolution convolution) {
    int channels = convolution.outputs();
    String normalization = name + ".norm";
    return add(name, operator(convolution), weights(name, convolution))
        .add(
            normalization,
            new BatchNormalization(EPSILON, Layout.NCHW.channelAxis()),
            constant(normalization + ".scale", InitialWeights.equal(channels, 1)),
            constant(normalization + ".bias", InitialWeights.equal(channels, 0)),
            constant(normalization + ".mean", InitialWeights.equal(channels, 0)),
            constant(normalization + ".variance", InitialWeights.equal(channels, 1)));
  }

  private Conv2d operator(Convolution convolution) {
    return new Conv2d(convolution.window(maps()), Layout.NCHW, convolution.groups(channels()));
  }

  private Value weights(String name, Convolution convolution) {
    return constant(name + ".weight", initial.weights(convolution.weights(channels())));
  }

  NetworkBuilder maximum(int size) {
    Window window = new Window(size, size, size, size, 1, 1, 0, 0, 0, 0);
    return add("pool", new MaxPool2d(window, Layout.NCHW));
  }

  /** The mean of each feature map. */
  NetworkBuilder mean() {
    Shape maps = maps();
    return add(
        "mean",
        AveragePool2d.ofWholeMaps(
            maps.dimension(Layout.NCHW.heightAxis()),
            maps.dimension(Layout.NCHW.widthAxis()),
            Layout.NCHW));
  }

  /** The sum with what another layer gives. */
  NetworkBuilder plus(String name, Value other) {
    return add(name, new Add(), other);
  }

  NetworkBuilder dense(String name, int outputs) {
    Shape shape = Shape.of(outputs, last.type().shape().dimension(-1));
    return add(
        name,
        new Dense(),
        constant(name + ".weight", initial.weights(shape)),
        constant(name + ".bias", InitialWeights.equal(outputs, 0)));
  }

  NetworkBuilder relu() {
    return add("relu", new Relu());
  }

  NetworkBuilder flatten() {
    return add("flat", new Reshape(List.of(1, last.type().shape().elements())));
  }

  Network build() {
    graph.output(last);
    return new Network(graph.build());
  }

  private NetworkBuilder add(String name, Op op, Value... others) {
    Value[] operands = new Value[others.length + 1];
    operands[0] = last;
    System.arraycopy(others, 0, operands, 1, others.length);
    try {
      last = graph.add(name, op, location, operands);
    } catch (OperatorException e) {
      throw new DiagnosticException(
          location, "does not fit items of this size: " + e.getMessage(), e.help());
    }
    return this;
  }

  private Value constant(String name, FloatTensor data) {
    return graph.constant(name, data, location);
  }

  /** Extents [1, channels, height, width] of what the last layer gives. */
  private Shape maps() {
    if (last.type().shape().rank() != 4) {
      throw new DiagnosticException(
          location,
          "takes images, but an item of the data is " + last.type().shape(),
          "give images, or choose an architecture of dense layers");
    }
    return last.type().shape();
  }

  /** How many feature maps the last layer gives. */
  int channels() {
    return maps().dimension(Layout.NCHW.channelAxis());
  }
}
