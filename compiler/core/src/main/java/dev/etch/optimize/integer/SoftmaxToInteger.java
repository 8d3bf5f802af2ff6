// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.op.Softmax;
import java.util.Optional;

/**
 * Softmax of 8-bit integers that is quantized to their type again gets its exponentials by table.
 */
final class SoftmaxToInteger implements IntegerRule {
  @Override
  public Optional<FloatForm> apply(Node node, Rewrite rewrite) {
    return rewrite
        .form(node.inputs().get(0))
        .filter(Dequantized.class::isInstance)
        .map(Dequantized.class::cast)
        .filter(x -> x.quantization().isPerTensor() && x.quantization().type().bits() == 8)
        .map(x -> new Normalized(node, x, ((Softmax) node.op()).axis()));
  }
}
