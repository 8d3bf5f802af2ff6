// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.network;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.diagnostic.OperatorException;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Value;
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
import java.util.SplittableRandom;

/**
 * Builds a network layer by layer, with weights from a normal distribution of variance 2 / inputs
 * and biases of 0. Source: K. He, X. Zhang, S. Ren, J. Sun, Delving Deep into Rectifiers, ICCV
 * 2015.
 */
final class NetworkBuilder {
  private static final String INPUT = "image";

  private final GraphBuilder graph;
  private final Location location;
  private final SplittableRandom random;
  private Value last;

  /** Begins with an input of one item. */
  NetworkBuilder(String name, Shape item, long seed) {
    this.graph = new GraphBuilder(name);
    this.location = Location.option("--architecture " + name);
    this.random = new SplittableRandom(seed);
    List<Integer> extents = new ArrayList<>(item.dimensions());
    extents.add(0, 1);
    this.last = graph.input(INPUT, new TensorType(FloatType.FLOAT32, new Shape(extents)));
  }

  NetworkBuilder convolution(String name, int outputs, int kernel) {
    requireMaps();
    int inputs = last.type().shape().dimension(Layout.NCHW.channelAxis());
    Value weights = weights(name, Shape.of(outputs, inputs, kernel, kernel));
    return add(
        name, new Conv2d(Window.of(kernel, kernel), Layout.NCHW, 1), weights, zeros(name, outputs));
  }

  NetworkBuilder maximum(int size) {
    Window window = new Window(size, size, size, size, 1, 1, 0, 0, 0, 0);
    return add("pool", new MaxPool2d(window, Layout.NCHW));
  }

  NetworkBuilder dense(String name, int outputs) {
    Value weights = weights(name, Shape.of(outputs, last.type().shape().dimension(-1)));
    return add(name, new Dense(), weights, zeros(name, outputs));
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

  private NetworkBuilder add(String name, Op op, Value... constants) {
    Value[] operands = new Value[constants.length + 1];
    operands[0] = last;
    System.arraycopy(constants, 0, operands, 1, constants.length);
    try {
      last = graph.add(name, op, location, operands);
    } catch (OperatorException e) {
      throw new DiagnosticException(
          location, "does not fit items of this size: " + e.getMessage(), e.help());
    }
    return this;
  }

  private void requireMaps() {
    if (last.type().shape().rank() != 4) {
      throw new DiagnosticException(
          location,
          "takes images, but an item of the data is " + last.type().shape(),
          "give images, or choose an architecture of dense layers");
    }
  }

  private Value weights(String name, Shape shape) {
    float[] data = new float[shape.elements()];
    int inputs = data.length / shape.dimension(0);
    double deviation = Math.sqrt(2.0 / inputs);
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) (deviation * random.nextGaussian());
    }
    return graph.constant(name + ".weight", FloatTensor.of(shape, data), location);
  }

  private Value zeros(String name, int outputs) {
    return graph.constant(
        name + ".bias", FloatTensor.of(Shape.of(outputs), new float[outputs]), location);
  }
}
