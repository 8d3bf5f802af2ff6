// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.graph.Node;
import dev.etch.op.Quantization;
import dev.etch.op.Quantize;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Quantization of a whole tensor by one scale, on vectors. Its limits are integers, so that
 * clamping before rounding is the same as after, and what is rounded is small.
 */
final class QuantizeLayer implements Layer {
  private final Quantization quantization;
  private final TensorType output;
  private final Vectors vectors;

  private QuantizeLayer(Quantization quantization, TensorType output, Vectors vectors) {
    this.quantization = quantization;
    this.output = output;
    this.vectors = vectors;
  }

  /** A layer if there are vectors, the tensor fills one, and its type is narrow. */
  static Optional<Layer> make(Node node, Optional<Vectors> vectors) {
    Quantization quantization = ((Quantize) node.op()).quantization();
    TensorType output = node.output().type();
    return vectors
        .filter(
            v ->
                quantization.isPerTensor()
                    && quantization.type().bits() <= 16
                    && output.shape().elements() >= v.lanes())
        .map(v -> new QuantizeLayer(quantization, output, v));
  }

  @Override
  public List<Activation> run(Activation[] operands, Scratch scratch) {
    float[] x = ((FloatTensor) operands[0].tensor()).data();
    int[] y = new int[x.length];
    int low = (int) quantization.type().minimum();
    int high = (int) quantization.type().maximum();
    vectors.quantize(x, quantization.scale(0), quantization.zeroPoint(0), low, high, y);
    return List.of(new Activation(new IntegerTensor(output, y)));
  }
}
