// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.quantize;

import dev.etch.op.Quantization;
import java.util.ArrayList;
import java.util.List;

/**
 * Scales of weights at which biases fit an accumulator. A bias is a multiple of the scale of its
 * channel's weights times that of the inputs; where training has left a channel hardly any weights,
 * as it does behind a ReLU that is always 0, that multiple would not fit 32 bits.
 */
final class BiasRoom {
  /** Half of what 32 bits hold: products need the rest. */
  private static final float MOST = 1 << 30;

  private BiasRoom() {}

  /**
   * The same quantization with the scales of such channels doubled until their biases fit, so that
   * scales that are powers of two stay such.
   *
   * @param weights per tensor, or a scale for each bias
   * @param inputScale of what the layer reads
   */
  static Quantization of(Quantization weights, float[] biases, float inputScale) {
    List<Float> scales = new ArrayList<>(weights.scales());
    for (int i = 0; i < biases.length; i++) {
      int channel = weights.isPerTensor() ? 0 : i;
      float scale = scales.get(channel);
      while (Math.abs(biases[i]) > MOST * scale * inputScale) {
        scale *= 2;
      }
      scales.set(channel, scale);
    }
    return new Quantization(weights.type(), scales, weights.zeroPoints(), weights.axis());
  }
}
