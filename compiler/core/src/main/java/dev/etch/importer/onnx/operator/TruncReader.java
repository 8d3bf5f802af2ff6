// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.requantization.RealQuantizer;
import dev.etch.op.requantization.RealRounding;
import java.util.List;

/**
 * QONNX Trunc, which drops low bits. Of five operands (x, scale, zero point, input bits, output
 * bits): {@code round(roundHalfEven(x / scale) / 2^(input bits - output bits)) * scale}. Of seven
 * (x, scale, zero point, input bits, output scale, output zero point, output bits): the divisor is
 * the power of two next to output scale / scale, the result is clamped and counts output scale.
 */
final class TruncReader implements OperatorReader {
  private static final int WITH_OUTPUT_SCALE = 7;

  @Override
  public Signature signature() {
    return Signature.of(5, WITH_OUTPUT_SCALE, "rounding_mode", "signed", "narrow");
  }

  @Override
  public String notes() {
    return "both operand lists, with 5 and 7 operands; one scale; zero point 0";
  }

  @Override
  public void read(NodeContext node) {
    if (node.inputs() == WITH_OUTPUT_SCALE - 1) {
      throw new Refusal("6 operands, but 5 or 7 are wanted", "");
    }
    boolean scaled = node.inputs() == WITH_OUTPUT_SCALE;
    RealRounding rounding = QonnxQuantization.rounding(node, "FLOOR");
    requireZero(node, 2);
    float scale = scale(node, 1, "the scale");
    int inputBits = QonnxQuantization.bits(node, 3, "the input bit width");
    int outputBits = QonnxQuantization.bits(node, scaled ? 6 : 4, "the output bit width");
    if (scaled) {
      requireZero(node, 5);
      float outputScale = scale(node, 4, "the output scale");
      int[] range = QonnxQuantization.range(node, outputBits, true, false);
      float divisor = powerOfTwo(outputScale / scale);
      result(
          node,
          new RealQuantizer.Truncated(scale, divisor, range[0], range[1], rounding),
          outputScale);
      return;
    }
    if (outputBits > inputBits) {
      throw new Refusal(outputBits + " output bits of " + inputBits + " input bits", "");
    }
    // Not clamped: an operand of so many bits, signed or not, stays well inside.
    int limit = 1 << outputBits;
    float divisor = powerOfTwo(Math.scalb(1f, inputBits - outputBits));
    result(node, new RealQuantizer.Truncated(scale, divisor, -limit, limit, rounding), scale);
  }

  private static void result(NodeContext node, RealQuantizer quantizer, float scale) {
    ChannelConstants scales = new ChannelConstants(new float[] {scale}, 0);
    QonnxQuantization.result(node, List.of(quantizer), scales, new float[] {0});
  }

  private static float scale(NodeContext node, int input, String role) {
    ChannelConstants scales = QonnxQuantization.scales(node, input, role);
    if (scales.size() != 1) {
      throw new Refusal(role + " differs between channels", "truncate with one scale");
    }
    return scales.of(0);
  }

  private static float powerOfTwo(float ratio) {
    long exponent = Math.round(Math.log(ratio) / Math.log(2));
    if (exponent < 0 || exponent > 32) {
      throw new Refusal("truncation by a factor of " + ratio, "at least 1, at most 2^32");
    }
    return Math.scalb(1f, (int) exponent);
  }

  private static void requireZero(NodeContext node, int input) {
    for (float zero : QonnxQuantization.zeroPoints(node, input).values()) {
      if (zero != 0) {
        throw new Refusal("truncation with the zero point " + zero, "quantize symmetrically");
      }
    }
  }
}
