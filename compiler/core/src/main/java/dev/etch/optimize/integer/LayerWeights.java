// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Quantization;
import dev.etch.optimize.integer.Rewrite.ConstantIntegers;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Integer weights and bias of a convolution or dense layer, ready for the integer operator.
 *
 * @param weights without zero point
 * @param bias none, int32, or float
 * @param scales input scale * weight scale in float32, one an output channel
 * @param inputScale the input's scale
 * @param weightScales one an output channel
 */
record LayerWeights(
    Value weights, LayerBias bias, List<Float> scales, float inputScale, List<Float> weightScales) {

  /**
   * Weights (operand 1) and bias (operand 2) of {@code node} for an input of scale {@code
   * inputScale}; empty if the weights are not quantized constants. A bias that has no integer form
   * is reported.
   */
  static Optional<LayerWeights> of(Node node, float inputScale, Rewrite rewrite) {
    Optional<ConstantIntegers> found = rewrite.constantIntegers(node.inputs().get(1));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    ConstantIntegers weights = found.get();
    if (!weights.quantization().isPerTensor() && weights.quantization().axis() != 0) {
      rewrite
          .diagnostics()
          .error(
              node.location(),
              "the weights are quantized along another axis than the output channels",
              "quantize the weights per tensor or per output channel");
      return Optional.empty();
    }
    int channels = weights.value().type().shape().dimension(0);
    List<Float> weightScales = scales(1, weights.quantization(), channels);
    List<Float> scales = scales(inputScale, weights.quantization(), channels);
    Value integers = withoutZeroPoint(node, weights, rewrite);
    return LayerBias.of(node, scales, rewrite)
        .map(bias -> new LayerWeights(integers, bias, scales, inputScale, weightScales));
  }

  /** These with a float bias that is never rounded to the sums' scale. */
  LayerWeights withFloatBias() {
    LayerBias left = bias.floats().<LayerBias>map(LayerBias.Apart::new).orElse(bias);
    return new LayerWeights(weights, left, scales, inputScale, weightScales);
  }

  /**
   * These with each channel several times.
   *
   * @param repeatedWeights that many channels for each of these
   */
  LayerWeights repeated(int times, Node node, Value repeatedWeights) {
    return new LayerWeights(
        repeatedWeights,
        new LayerBias.Repeated(bias, times, node),
        repeated(times, scales),
        inputScale,
        repeated(times, weightScales));
  }

  private static List<Float> repeated(int times, List<Float> channels) {
    return channels.stream().flatMap(c -> Collections.nCopies(times, c).stream()).toList();
  }

  /** Input scale * weight scale of each channel. */
  static List<Float> scales(float inputScale, Quantization weights, int channels) {
    List<Float> scales = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      scales.add(inputScale * weights.scale(c));
    }
    return scales;
  }

  private static Value withoutZeroPoint(Node node, ConstantIntegers weights, Rewrite rewrite) {
    Quantization quantization = weights.quantization();
    if (quantization.zeroPoints().stream().allMatch(zero -> zero == 0)) {
      return weights.value();
    }
    IntegerTensor stored = (IntegerTensor) weights.weights().decode();
    int terms = stored.data().length / stored.shape().dimension(0);
    int[] data = stored.data().clone();
    for (int i = 0; i < data.length; i++) {
      data[i] -= quantization.zeroPoint(i / terms);
    }
    IntegerType type =
        IntegerType.holding(
            Math.min(-1, Arrays.stream(data).min().orElse(0)), Arrays.stream(data).max().orElse(0));
    return rewrite.constant(
        node,
        "weights",
        new DenseWeights(new IntegerTensor(new TensorType(type, stored.shape()), data)));
  }
}
