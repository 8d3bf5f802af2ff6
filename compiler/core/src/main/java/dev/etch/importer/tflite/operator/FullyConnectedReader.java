// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.importer.tflite.schema.Activation;
import dev.etch.op.IntegerDense;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;
import java.util.List;

/** FULLY_CONNECTED: the input's elements, in rows as long as the weights', times the weights. */
final class FullyConnectedReader implements OperatorReader {
  // Fields of FullyConnectedOptions.
  private static final int ACTIVATION = 0;
  private static final int WEIGHTS_FORMAT = 1;

  @Override
  public String notes() {
    return "int8 or int16 with weights per tensor or channel, uint8 per tensor, int4 weights; any rank; "
        + "fused activation";
  }

  @Override
  public void read(OperatorContext node) {
    LayerOperands layer = LayerOperands.of(node);
    if (node.options().int8(WEIGHTS_FORMAT) != 0) {
      throw new Refusal("its weights are shuffled", "convert the model without shuffled weights");
    }
    IntegerTensor weights = WeightLayout.ofDense(layer.storedWeights(), layer.weightZeroPoint());
    if (weights.shape().rank() != 2) {
      throw new Refusal(
          "its weights have shape " + weights.shape(), "they must be [outputs, inputs]");
    }
    Activation activation = node.options().activation(ACTIVATION);
    Shape result = node.result(0).shape();
    Value rows = rows(node, weights.shape().dimension(1));
    Requantize requantize = layer.denseRescaling(activation, 1, weights.shape().dimension(0));
    IntegerDense dense = new IntegerDense(layer.input().zeroPoint(0));
    if (result.rank() == 2) {
      layer.emit(dense, rows, weights, requantize);
    } else {
      layer.emitReshaped(dense, rows, weights, requantize, new Reshape(result.dimensions()));
    }
  }

  /** The input as a matrix with rows of {@code inputs} elements. */
  static Value rows(OperatorContext node, int inputs) {
    Value x = node.value(0);
    int elements = x.type().shape().elements();
    if (inputs < 1 || elements % inputs != 0) {
      throw new Refusal(
          "%d elements do not fill rows of %d".formatted(elements, inputs),
          "weights are [outputs, inputs]");
    }
    Shape matrix = Shape.of(elements / inputs, inputs);
    return x.type().shape().equals(matrix)
        ? x
        : node.emit("rows", new Reshape(List.copyOf(matrix.dimensions())), x);
  }
}
