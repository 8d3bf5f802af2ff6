// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Quantization;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ScaleThenRound;
import java.util.ArrayList;
import java.util.List;

/** The requantization that follows an integer accumulator in ONNX Runtime's QLinear kernels. */
final class Rescaling {
  private Rescaling() {}

  /**
   * {@code clamp(roundHalfEven(float32(acc) * scale) + zeroPoint)} with scale = inputScale *
   * weightScale / outputScale, each step in float32.
   *
   * @param weightScales one, or one a channel
   */
  static Requantize of(
      float inputScale, List<Float> weightScales, Quantization output, int channelAxis) {
    List<Requantization> channels = new ArrayList<>();
    for (float weightScale : weightScales) {
      channels.add(one(inputScale * weightScale / output.scale(0), output));
    }
    return new Requantize(channels, channelAxis, output.type());
  }

  /** One staircase for the whole tensor. */
  static Requantize perTensor(float scale, Quantization output) {
    return new Requantize(List.of(one(scale, output)), 0, output.type());
  }

  private static Requantization one(float scale, Quantization output) {
    if (!(scale > 0) || Float.isInfinite(scale)) {
      throw new Refusal("rescaling by " + scale + " is not finite and above 0", "check the scales");
    }
    return new ScaleThenRound(
        scale, output.zeroPoint(0), (int) output.type().minimum(), (int) output.type().maximum());
  }
}
