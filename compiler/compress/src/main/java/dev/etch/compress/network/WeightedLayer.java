// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.network;

import dev.etch.graph.Node;
import dev.etch.tensor.Shape;
import java.util.Objects;
import java.util.Optional;

/**
 * A convolution or dense layer of a network.
 *
 * @param node the layer
 * @param weights name of the constant of its weights: [outputs, inputs] of a dense layer, [outputs,
 *     inputs / groups, kernelHeight, kernelWidth] of a convolution
 * @param shape of the weights
 * @param bias name of the constant of its biases, [outputs], if it has them
 */
public record WeightedLayer(Node node, String weights, Shape shape, Optional<String> bias) {
  public WeightedLayer {
    Objects.requireNonNull(node);
    Objects.requireNonNull(weights);
    Objects.requireNonNull(shape);
    Objects.requireNonNull(bias);
  }

  /** The layer's name. */
  public String name() {
    return node.name();
  }

  /** How many weights it has. */
  public int size() {
    return shape.elements();
  }
}
