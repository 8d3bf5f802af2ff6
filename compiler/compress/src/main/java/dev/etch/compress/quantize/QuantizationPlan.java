// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.quantize;

import dev.etch.compress.network.WeightedLayer;
import dev.etch.graph.Graph;
import dev.etch.graph.Value;
import dev.etch.op.Quantization;
import dev.etch.tensor.FloatTensor;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;

/**
 * How a network is quantized.
 *
 * @param weightBits of all layers that are not named, 2 to 16
 * @param weightBitsByLayer by the names of layers
 * @param perChannel whether each output channel has a scale of its own
 * @param weightScale how scales of weights are chosen
 * @param activationBits 1 to 16; a network's scores have at least 8
 * @param asymmetric whether activations have zero points
 * @param calibration how ranges of activations are measured
 */
public record QuantizationPlan(
    int weightBits,
    Map<String, Integer> weightBitsByLayer,
    boolean perChannel,
    WeightScale weightScale,
    int activationBits,
    boolean asymmetric,
    Calibration calibration) {
  private static final int SCORE_BITS = 8;

  public QuantizationPlan {
    weightBitsByLayer = Map.copyOf(weightBitsByLayer);
    Objects.requireNonNull(weightScale);
    Objects.requireNonNull(calibration);
    requireBits(weightBits, 2, 16);
    weightBitsByLayer.values().forEach(bits -> requireBits(bits, 2, 16));
    requireBits(activationBits, 1, 16);
  }

  private static void requireBits(int bits, int least, int most) {
    if (bits < least || bits > most) {
      throw new IllegalArgumentException(bits + " bits");
    }
  }

  /** 8 bits, scales of whole tensors, without zero points. */
  public static QuantizationPlan eightBits(Calibration calibration) {
    return new QuantizationPlan(8, Map.of(), false, WeightScale.LARGEST, 8, false, calibration);
  }

  /** The quantization of activations with a range. */
  public Quantization ofActivations(ActivationRange range) {
    return quantization(range, activationBits);
  }

  /** The same of a network's scores, which must differ where few bits would make them equal. */
  Quantization ofScores(ActivationRange range) {
    return quantization(range, Math.max(SCORE_BITS, activationBits));
  }

  private Quantization quantization(ActivationRange range, int bits) {
    return asymmetric ? range.asymmetric(bits) : range.symmetric(bits);
  }

  /**
   * The ranges of all float values of a graph, by its calibration.
   *
   * @param items how many there are
   * @param source the graph's input for one of them
   */
  public Map<Value, ActivationRange> ranges(
      Graph graph, int items, IntFunction<FloatTensor> source) {
    return calibration
        .of(Math.min(items, calibration.items()))
        .ranges(graph, source, this::ofActivations);
  }

  /** The quantization of a layer's weights. */
  public Quantization ofWeights(WeightedLayer layer, float[] weights) {
    int bits = weightBitsByLayer.getOrDefault(layer.name(), weightBits);
    return weightScale.of(weights, layer.shape().dimension(0), perChannel, bits);
  }
}
