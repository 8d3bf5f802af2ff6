// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Quantization;
import dev.etch.optimize.integer.Rewrite.ConstantIntegers;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Integer weights and bias of a convolution or dense layer, ready for the integer operator.
 *
 * @param operands weights without zero point and, if there is one, the int32 bias
 * @param scales input scale * weight scale in float32, one an output channel
 */
record LayerWeights(List<Value> operands, List<Float> scales) {
  /** Relative difference of scales below which they are the same number rounded twice. */
  private static final float TOLERANCE = 1e-4f;

  /**
   * Weights (operand 1) and bias (operand 2) of {@code node} for an input of scale {@code
   * inputScale}; empty if the weights are not quantized constants. A bias that cannot be had as
   * int32 is reported.
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
    List<Float> scales = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      scales.add(inputScale * weights.quantization().scale(c));
    }
    List<Value> operands = new ArrayList<>();
    operands.add(withoutZeroPoint(node, weights, rewrite));
    if (node.inputs().size() > 2) {
      Optional<Value> bias = bias(node, scales, rewrite);
      if (bias.isEmpty()) {
        return Optional.empty();
      }
      operands.add(bias.get());
    }
    return Optional.of(new LayerWeights(operands, scales));
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

  private static Optional<Value> bias(Node node, List<Float> scales, Rewrite rewrite) {
    Value original = node.inputs().get(2);
    Optional<ConstantIntegers> integers = rewrite.constantIntegers(original);
    if (integers.isPresent() && fits(integers.get(), scales)) {
      return integers.map(ConstantIntegers::value);
    }
    if (integers.isPresent()) {
      rewrite
          .diagnostics()
          .error(
              node.location(),
              "the bias is not int32 with the scale input scale * weight scale",
              "quantize the bias to int32 with that scale, or leave it in float");
      return Optional.empty();
    }
    Optional<int[]> rounded =
        rewrite
            .constantFloats(original)
            .flatMap(floats -> quantized(((FloatTensor) floats.decode()).data(), scales));
    if (rounded.isEmpty()) {
      rewrite
          .diagnostics()
          .error(
              node.location(),
              "the bias is not constant or does not fit into int32",
              "use a constant bias within 2^31 * input scale * weight scale");
    }
    return rounded.map(
        data ->
            rewrite.constant(
                node,
                "bias",
                new DenseWeights(
                    new IntegerTensor(
                        new TensorType(IntegerType.INT32, original.type().shape()), data))));
  }

  private static boolean fits(ConstantIntegers bias, List<Float> scales) {
    if (!bias.quantization().type().equals(IntegerType.INT32)) {
      return false;
    }
    for (int c = 0; c < scales.size(); c++) {
      float scale = bias.quantization().scale(c);
      if (bias.quantization().zeroPoint(c) != 0
          || Math.abs(scale - scales.get(c)) > TOLERANCE * scale) {
        return false;
      }
    }
    return true;
  }

  /** A float bias is rounded half to even to the accumulator's scale, as ONNX Runtime does. */
  private static Optional<int[]> quantized(float[] bias, List<Float> scales) {
    int[] data = new int[bias.length];
    for (int c = 0; c < data.length; c++) {
      double value = Math.rint(bias[c] / scales.get(c));
      if (!(Math.abs(value) <= Integer.MAX_VALUE)) {
        return Optional.empty();
      }
      data[c] = (int) value;
    }
    return Optional.of(data);
  }
}
