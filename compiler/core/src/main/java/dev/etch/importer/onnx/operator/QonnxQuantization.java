// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.op.Dequantize;
import dev.etch.op.Quantization;
import dev.etch.op.RealQuantize;
import dev.etch.op.requantization.RealQuantizer;
import dev.etch.op.requantization.RealRounding;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the readers of QONNX's quantizers share: constants, and the two halves of the result. */
final class QonnxQuantization {
  /** Integer constants of the graph have as many. */
  private static final int MOST_BITS = 32;

  /** More is no quantization; what hardware multiplies has at most as many. */
  private static final int MOST_DYNAMIC_BITS = 16;

  private static final Map<String, RealRounding> ROUNDINGS =
      Map.of(
          "ROUND", RealRounding.HALF_EVEN,
          "HALF_EVEN", RealRounding.HALF_EVEN,
          "HALF_UP", RealRounding.HALF_UP,
          "HALF_DOWN", RealRounding.HALF_DOWN,
          "FLOOR", RealRounding.FLOOR,
          "CEIL", RealRounding.CEILING,
          "UP", RealRounding.AWAY_FROM_ZERO,
          "DOWN", RealRounding.TOWARDS_ZERO);

  private QonnxQuantization() {}

  /** The rounding mode, in capitals or not. */
  static RealRounding rounding(NodeContext node, String otherwise) {
    String mode = node.attributes().text("rounding_mode", otherwise);
    RealRounding rounding = ROUNDINGS.get(mode.toUpperCase(Locale.ROOT));
    if (rounding == null) {
      throw new Refusal(
          "rounding_mode '" + dev.etch.diagnostic.Printable.of(mode) + "' is not known",
          "known are " + String.join(", ", ROUNDINGS.keySet().stream().sorted().toList()));
    }
    return rounding;
  }

  /** Scales, all finite and above 0. */
  static ChannelConstants scales(NodeContext node, int input, String role) {
    ChannelConstants scales = ChannelConstants.of(node, input, role, node.shape(0));
    for (float scale : scales.values()) {
      if (!(scale > 0) || Float.isInfinite(scale)) {
        throw new Refusal(role + " " + scale + " is not finite and above 0", "train again");
      }
    }
    return scales;
  }

  /** Zero points, all integers. */
  static ChannelConstants zeroPoints(NodeContext node, int input) {
    ChannelConstants zeros = ChannelConstants.of(node, input, "the zero point", node.shape(0));
    for (float zero : zeros.values()) {
      if (zero != Math.rint(zero) || Math.abs(zero) > Short.MAX_VALUE) {
        throw new Refusal(
            "zero point " + zero + " is not an integer of 16 bits",
            "quantize with integer zero points, or none");
      }
    }
    return zeros;
  }

  /** A bit width. */
  static int bits(NodeContext node, int input, String role) {
    FloatTensor widths = node.numbers(input, role);
    if (widths.data().length != 1) {
      throw new Refusal(role + " has shape " + widths.shape(), "a single number is wanted");
    }
    float bits = widths.data()[0];
    int most = node.isConstant(0) ? MOST_BITS : MOST_DYNAMIC_BITS;
    if (bits != Math.rint(bits) || bits < 1 || bits > most) {
      throw new Refusal(
          role + " " + bits + " is not an integer from 1 to " + most,
          "quantize weights and activations to 1 to 8 bits");
    }
    return (int) bits;
  }

  /** Smallest and largest integer of a width. */
  static int[] range(NodeContext node, int bits, boolean signedByDefault, boolean narrowByDefault) {
    boolean signed = node.attributes().flag("signed", signedByDefault);
    boolean narrow = node.attributes().flag("narrow", narrowByDefault);
    long low = signed ? -(1L << (bits - 1)) + (narrow ? 1 : 0) : 0;
    long high = signed ? (1L << (bits - 1)) - 1 : (1L << bits) - (narrow ? 2 : 1);
    if (high > Integer.MAX_VALUE) {
      throw new Refusal("unsigned integers of " + bits + " bits", "at most 31 are supported");
    }
    return new int[] {(int) low, (int) high};
  }

  /**
   * Gives the quantized value: integers, and what they mean. A constant stays data.
   *
   * @param quantizers one for the tensor or one a channel
   * @param scales what the integers count, after rounding
   * @param zeros integers that stand for 0
   */
  static void result(
      NodeContext node, List<RealQuantizer> quantizers, ChannelConstants scales, float[] zeros) {
    int axis = quantizers.size() == 1 ? 0 : scales.axis();
    List<Float> scaleList = new ArrayList<>();
    List<Integer> zeroList = new ArrayList<>();
    long low = 0;
    long high = 0;
    for (int c = 0; c < quantizers.size(); c++) {
      scaleList.add(scales.of(c));
      int zero = (int) zeros[zeros.length == 1 ? 0 : c];
      zeroList.add(zero);
      low = Math.min(low, Math.min(zero, quantizers.get(c).low()));
      high = Math.max(high, Math.max(zero, quantizers.get(c).high()));
    }
    Quantization quantization =
        new Quantization(IntegerType.holding(low, high), scaleList, zeroList, axis);
    RealQuantize quantize = new RealQuantize(quantizers, axis, quantization.type());
    if (!node.operand(0).type().isFloat()) {
      throw new Refusal("operand has type " + node.operand(0).type(), "float32 wanted");
    }
    if (!node.isConstant(0)) {
      node.emitResult(quantize, "integers", new Dequantize(quantization), node.value(0));
      return;
    }
    Tensor integers = quantize.evaluate(List.of(node.tensor(0, "the operand"))).get(0);
    node.result(
        new Operand.DequantizedConstant(
            new DenseWeights(integers),
            quantization,
            node.inputName(0) + "_integers",
            node.name(),
            node.location(),
            true));
  }

  /** The channels' axis is that of whichever constant has channels. */
  static ChannelConstants spread(ChannelConstants scales, ChannelConstants zeros, Shape shape) {
    if (!scales.agreesWith(zeros)) {
      throw new Refusal(
          "scale and zero point differ along two axes of " + shape, "quantize along one axis");
    }
    if (scales.size() >= zeros.size()) {
      return scales;
    }
    float[] values = new float[zeros.size()];
    java.util.Arrays.fill(values, scales.of(0));
    return new ChannelConstants(values, zeros.axis());
  }
}
