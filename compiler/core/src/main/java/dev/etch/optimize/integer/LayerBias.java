// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Dense;
import dev.etch.op.Quantization;
import dev.etch.optimize.integer.Rewrite.ConstantIntegers;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a convolution or dense layer adds to its sums. A float bias is rounded to the sums' scale
 * where the layer's result is quantized, as ONNX Runtime does, and stays float where the result
 * does.
 */
sealed interface LayerBias {
  /** Relative difference of scales below which they are the same number rounded twice. */
  float TOLERANCE = 1e-4f;

  IntegerType INT32 = IntegerType.INT32;

  /** The bias as int32 in the sums' scale; empty if there is none. Reports what does not fit. */
  Optional<Value> integers(Rewrite rewrite);

  /** The numbers to add to the float result; empty if the sums hold the bias, or there is none. */
  default Optional<float[]> floats() {
    return Optional.empty();
  }

  /** The numbers to add wherever the result goes, since the sums never hold them. */
  default Optional<float[]> unrounded() {
    return Optional.empty();
  }

  /**
   * Operand 2 of {@code node}; empty if it has no form here, which is reported.
   *
   * @param scales of the sums, one a channel
   */
  static Optional<LayerBias> of(Node node, List<Float> scales, Rewrite rewrite) {
    if (node.inputs().size() <= 2) {
      return Optional.of(new None());
    }
    Value original = node.inputs().get(2);
    Optional<ConstantIntegers> integers = rewrite.constantIntegers(original);
    if (integers.isPresent()) {
      return quantized(node, integers.get(), scales, rewrite);
    }
    Optional<float[]> floats =
        rewrite.constantFloats(original).map(w -> ((FloatTensor) w.decode()).data());
    if (floats.isEmpty()) {
      rewrite
          .diagnostics()
          .error(node.location(), "the bias is computed, not constant", "use a constant bias");
    }
    return floats.map(data -> new Real(node, data, scales));
  }

  private static Optional<LayerBias> quantized(
      Node node, ConstantIntegers bias, List<Float> scales, Rewrite rewrite) {
    if (fits(bias.quantization(), scales)) {
      return Optional.of(new Stored(bias.value()));
    }
    boolean isKernels = node.op() instanceof Dense && bias.quantization().type().equals(INT32);
    if (!isKernels) {
      return Optional.of(apart(node, bias, scales, rewrite));
    }
    rewrite
        .diagnostics()
        .error(
            node.location(),
            "the bias is not int32 with the scale input scale * weight scale",
            "quantize the bias to int32 with that scale, or leave it in float");
    return Optional.empty();
  }

  /** A bias of another type or scale: exactly so many steps of the sums, or added in float. */
  private static LayerBias apart(
      Node node, ConstantIntegers bias, List<Float> scales, Rewrite rewrite) {
    float[] data = bias.floats().data();
    int[] steps = new int[data.length];
    boolean whole = true;
    for (int c = 0; c < data.length; c++) {
      double value = data[c] / (double) scales.get(c);
      steps[c] = (int) value;
      whole &= steps[c] == value;
    }
    return whole
        ? new Stored(rewrite.constant(node, "bias", tensor(node, steps)))
        : new Apart(data);
  }

  private static DenseWeights tensor(Node node, int[] integers) {
    TensorType type = new TensorType(INT32, node.inputs().get(2).type().shape());
    return new DenseWeights(new IntegerTensor(type, integers));
  }

  /** Whether a bias is int32 and counts steps of the sums. */
  static boolean fits(Quantization bias, List<Float> scales) {
    if (!bias.type().equals(INT32)) {
      return false;
    }
    for (int c = 0; c < scales.size(); c++) {
      float scale = bias.scale(c);
      if (bias.zeroPoint(c) != 0 || Math.abs(scale - scales.get(c)) > TOLERANCE * scale) {
        return false;
      }
    }
    return true;
  }

  /** No bias. */
  record None() implements LayerBias {
    @Override
    public Optional<Value> integers(Rewrite rewrite) {
      return Optional.empty();
    }
  }

  /** An int32 bias of the model, a constant of the new graph. */
  record Stored(Value value) implements LayerBias {
    @Override
    public Optional<Value> integers(Rewrite rewrite) {
      return Optional.of(value);
    }
  }

  /** Numbers of the model that are no whole steps of the sums, and are not rounded to them. */
  record Apart(float[] data) implements LayerBias {
    @Override
    public Optional<Value> integers(Rewrite rewrite) {
      return Optional.empty();
    }

    @Override
    public Optional<float[]> floats() {
      return Optional.of(data);
    }

    @Override
    public Optional<float[]> unrounded() {
      return Optional.of(data);
    }
  }

  /** A float bias of the model. */
  record Real(Node node, float[] data, List<Float> scales) implements LayerBias {
    @Override
    public Optional<float[]> floats() {
      return Optional.of(data);
    }

    /** Rounded half to even to the sums' scale. */
    @Override
    public Optional<Value> integers(Rewrite rewrite) {
      int[] rounded = new int[data.length];
      for (int c = 0; c < rounded.length; c++) {
        double value = Math.rint(data[c] / scales.get(c));
        if (!(Math.abs(value) <= Integer.MAX_VALUE)) {
          reportTooLarge(c, rewrite);
          return Optional.of(rewrite.constant(node, "bias", tensor(node, new int[data.length])));
        }
        rounded[c] = (int) value;
      }
      return Optional.of(rewrite.constant(node, "bias", tensor(node, rounded)));
    }

    private void reportTooLarge(int channel, Rewrite rewrite) {
      rewrite
          .diagnostics()
          .error(
              node.location(),
              "the bias of channel %d, %s, is no int32 in steps of input scale * weight scale = %s"
                  .formatted(channel, data[channel], scales.get(channel)),
              "give that channel a larger weight scale; one whose weights are all 0 can have any");
    }
  }

  /** Another bias, each channel of which belongs to several channels of the layer. */
  record Repeated(LayerBias bias, int times, Node node) implements LayerBias {
    @Override
    public Optional<Value> integers(Rewrite rewrite) {
      return bias.integers(rewrite)
          .map(value -> (IntegerTensor) rewrite.constant(value).orElseThrow().decode())
          .map(
              tensor ->
                  IntegerTensor.of(
                      INT32,
                      Shape.of(tensor.data().length * times),
                      IntStream.range(0, tensor.data().length * times)
                          .map(c -> tensor.data()[c / times])
                          .toArray()))
          .map(tensor -> rewrite.constant(node, "phases_bias", new DenseWeights(tensor)));
    }

    @Override
    public Optional<float[]> floats() {
      return bias.floats().map(this::repeated);
    }

    @Override
    public Optional<float[]> unrounded() {
      return bias.unrounded().map(this::repeated);
    }

    private float[] repeated(float[] channels) {
      float[] all = new float[channels.length * times];
      for (int c = 0; c < all.length; c++) {
        all[c] = channels[c / times];
      }
      return all;
    }
  }
}
