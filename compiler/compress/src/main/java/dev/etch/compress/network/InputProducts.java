// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.network;

import dev.etch.graph.Value;
import dev.etch.op.Conv2d;
import dev.etch.op.Window;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Means of the products of every two inputs of a layer, over items and, for a convolution, places
 * of its kernel. Half of the second derivative of a layer's squared error by the weights of an
 * output, the same for all outputs of a group: changed by {@code d}, an output's squared error is
 * {@code d * means * d} on average.
 */
public final class InputProducts {
  private final WeightedLayer layer;
  private final int groups;
  private final int inputs;
  private final double[][] sums;
  private final double[][] firsts;
  private long count;

  private InputProducts(WeightedLayer layer) {
    this.layer = layer;
    this.groups = layer.node().op() instanceof Conv2d op ? op.groups() : 1;
    this.inputs = layer.size() / layer.shape().dimension(0);
    this.sums = new double[groups][inputs * inputs];
    this.firsts = new double[groups][inputs];
  }

  /**
   * Those of all layers of a network.
   *
   * @param items how many are used, at least 1
   * @param source the network's input for an item
   * @return by the names of the constants of weights
   */
  public static Map<String, InputProducts> of(
      Network network, int items, IntFunction<FloatTensor> source) {
    Map<String, InputProducts> products = new LinkedHashMap<>();
    network.layers().forEach(layer -> products.put(layer.weights(), new InputProducts(layer)));
    Interpreter interpreter = new Interpreter(network.graph());
    for (int item = 0; item < items; item++) {
      Map<Value, Tensor> values = interpreter.runAll(List.of(source.apply(item)));
      products.values().forEach(of -> of.add(values));
    }
    return products;
  }

  private void add(Map<Value, Tensor> values) {
    FloatTensor input = (FloatTensor) values.get(layer.node().inputs().get(0));
    if (layer.node().op() instanceof Conv2d op) {
      addPatches(input, values.get(layer.node().output()).shape(), op);
    } else {
      for (int from = 0; from < input.data().length; from += inputs) {
        float[] row = new float[inputs];
        System.arraycopy(input.data(), from, row, 0, inputs);
        add(0, row);
      }
      count += input.data().length / inputs;
    }
  }

  private void addPatches(FloatTensor input, Shape output, Conv2d op) {
    int rows = output.dimension(op.layout().heightAxis());
    int columns = output.dimension(op.layout().widthAxis());
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        for (int group = 0; group < groups; group++) {
          add(group, patch(input, op, group, row, column));
        }
      }
    }
    count += (long) rows * columns;
  }

  /** What the kernel lies over, in the order of the weights; zeros where that is padding. */
  private float[] patch(FloatTensor input, Conv2d op, int group, int row, int column) {
    Window w = op.window();
    int[] strides = input.shape().strides();
    int height = input.shape().dimension(op.layout().heightAxis());
    int width = input.shape().dimension(op.layout().widthAxis());
    int places = w.kernelHeight() * w.kernelWidth();
    float[] patch = new float[inputs];
    for (int i = 0; i < inputs; i++) {
      int channel = group * (inputs / places) + i / places;
      int place = i % places;
      int y = row * w.strideHeight() - w.padTop() + place / w.kernelWidth() * w.dilationHeight();
      int x = column * w.strideWidth() - w.padLeft() + place % w.kernelWidth() * w.dilationWidth();
      if (y >= 0 && y < height && x >= 0 && x < width) {
        patch[i] =
            input
                .data()[
                channel * strides[op.layout().channelAxis()]
                    + y * strides[op.layout().heightAxis()]
                    + x * strides[op.layout().widthAxis()]];
      }
    }
    return patch;
  }

  private void add(int group, float[] row) {
    double[] into = sums[group];
    for (int i = 0; i < inputs; i++) {
      double factor = row[i];
      firsts[group][i] += factor;
      if (factor != 0) {
        for (int j = 0; j < inputs; j++) {
          into[i * inputs + j] += factor * row[j];
        }
      }
    }
  }

  /** Weights of an output. */
  public int inputs() {
    return inputs;
  }

  /** The group of an output. */
  public int group(int output) {
    return output / (layer.shape().dimension(0) / groups);
  }

  /** How many groups of outputs have inputs of their own; 1 but for grouped convolutions. */
  public int groups() {
    return groups;
  }

  /** Means of products, [inputs, inputs] row-major, symmetric. */
  public double[] means(int group) {
    return divided(sums[group]);
  }

  /** Means of the inputs. */
  public double[] averages(int group) {
    return divided(firsts[group]);
  }

  private double[] divided(double[] sum) {
    double[] means = new double[sum.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = sum[i] / count;
    }
    return means;
  }
}
