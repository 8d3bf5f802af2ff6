// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.etch.compress.network.Network;
import dev.etch.compress.network.Parameters;
import dev.etch.compress.training.Differentiator.Batch;
import dev.etch.diagnostic.CompilerBug;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Constant;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One run of a network for a batch: its arrays by the names of values. */
final class ForwardPass {
  /** Part of the old mean and variance that batch normalization keeps in a step. */
  static final float MOMENTUM = 0.9f;

  private final NDManager manager;
  private final Network network;
  private final int batch;
  private final boolean normalizes;
  private final Map<String, NDArray> arrays = new HashMap<>();
  private final Map<String, NDArray> replaced = new LinkedHashMap<>();

  ForwardPass(NDManager manager, Network network, int batch, boolean normalizes) {
    this.manager = manager;
    this.network = network;
    this.batch = batch;
    this.normalizes = normalizes;
  }

  /** Whether batch normalization uses the batch. */
  boolean normalizes() {
    return normalizes;
  }

  /** Uses these values in place of constants. */
  void replace(Parameters values, boolean requiresGradient) {
    Map<String, dev.etch.tensor.Shape> shapes = new HashMap<>();
    network
        .graph()
        .producers()
        .keySet()
        .forEach(value -> shapes.put(value.name(), value.type().shape()));
    values
        .arrays()
        .forEach(
            (name, data) -> {
              NDArray array = manager.create(data, shape(shapes.get(name)));
              if (requiresGradient) {
                array.setRequiresGradient(true);
              }
              replaced.put(name, array);
            });
  }

  /** The array of a replaced constant. */
  NDArray replaced(String name) {
    return replaced.get(name);
  }

  /** The array of a value, when it was run. */
  NDArray value(String name) {
    return arrays.get(name);
  }

  /** The scores. */
  NDArray run(Batch items) {
    Value input = network.input();
    arrays.put(input.name(), manager.create(items.items(), batched(input.type().shape())));
    for (Node node : network.nodes()) {
      arrays.put(node.output().name(), result(node));
    }
    return arrays.get(network.scores().name());
  }

  private NDArray result(Node node) {
    if (node.op() instanceof Constant constant) {
      NDArray other = replaced.get(node.output().name());
      return other == null ? array(constant.weights().decode()) : other;
    }
    List<NDArray> operands = node.inputs().stream().map(value -> arrays.get(value.name())).toList();
    return PyTorchOperators.apply(node, operands, this);
  }

  private NDArray array(Tensor tensor) {
    if (tensor instanceof FloatTensor floats) {
      return manager.create(floats.data(), shape(tensor.shape()));
    }
    int[] integers = ((IntegerTensor) tensor).data();
    float[] data = new float[integers.length];
    for (int i = 0; i < data.length; i++) {
      data[i] = integers[i];
    }
    return manager.create(data, shape(tensor.shape()));
  }

  /** A shape of one item as that of the batch. */
  Shape batched(dev.etch.tensor.Shape shape) {
    long[] extents = shape.dimensions().stream().mapToLong(Integer::longValue).toArray();
    if (extents.length == 0 || extents[0] != 1) {
      throw new CompilerBug("a batch along the first axis of " + shape);
    }
    extents[0] = batch;
    return new Shape(extents);
  }

  private static Shape shape(dev.etch.tensor.Shape shape) {
    return new Shape(shape.dimensions().stream().mapToLong(Integer::longValue).toArray());
  }
}
