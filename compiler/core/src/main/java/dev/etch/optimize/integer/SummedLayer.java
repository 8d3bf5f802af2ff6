// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Quantization;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.requantization.ExactSum;
import dev.etch.tensor.IntegerType;
import java.util.Optional;

/**
 * The sum of a layer's result that is not quantized and a quantized tensor, as TensorRT's residual
 * connections have it. The layer's sums are rescaled to a fine fraction of the result's step, and
 * added as integers.
 *
 * @param node of the original graph
 */
record SummedLayer(Node node, Accumulated layer, Dequantized other) implements FloatForm {
  /** Bits of the rescaled sums without sign. */
  private static final int FINE_BITS = 30;

  /** Of float32 behind the layer's sum. */
  private static final int ROUNDINGS = 4;

  /** Finer than this, float32 itself is not. */
  private static final int MOST_FRACTION_BITS = 20;

  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    int fraction = fractionBits(target);
    if (fraction < 1) {
      return Optional.empty();
    }
    Value fine = layer.fine(rewrite, node, Math.scalb(target.scale(), -fraction), FINE_BITS);
    Quantization quantization = other.quantization();
    double ratio = (double) quantization.scale(0) / target.scale();
    int shift = Math.max(fraction, Math.min(fraction + 12, FINE_BITS - Math.getExponent(ratio)));
    ExactSum sum =
        new ExactSum(
            1L << (shift - fraction),
            0,
            Math.round(Math.scalb(ratio, shift)),
            quantization.zeroPoint(0),
            shift,
            error(target, fraction),
            target.zeroPoint(),
            target.low(),
            target.high());
    return Optional.of(
        rewrite.emit(
            target.node(),
            new QuantizedAdd(sum, target.quantization().type()),
            fine,
            other.integers()));
  }

  /**
   * Of float32's product, sum and quotient, and of the fine scale's rounding; the layer's own sum
   * comes on top. Powers of two make no error.
   */
  private double error(Target target, int fraction) {
    Quantization quantization = other.quantization();
    float fine = Math.scalb(target.scale(), -fraction);
    boolean exact =
        isPowerOfTwo(target.scale())
            && isPowerOfTwo(quantization.scale(0))
            && quantization.scale(0) >= fine
            && layer.scales().stream().allMatch(scale -> isPowerOfTwo(scale) && scale >= fine);
    double ratio = (double) quantization.scale(0) / target.scale();
    double most =
        Math.scalb(1.0, target.quantization().type().bits())
            + Math.scalb(ratio, quantization.type().bits());
    return exact ? 0 : Math.scalb(0.5, -fraction) + ROUNDINGS * 0x1p-24 * most;
  }

  private static boolean isPowerOfTwo(float value) {
    return value == Math.scalb(1f, Math.getExponent(value));
  }

  /** As many as leave room for all sums that the other operand can bring back into range. */
  private int fractionBits(Target target) {
    IntegerType type = other.quantization().type();
    double ratio = (double) other.quantization().scale(0) / target.scale();
    double most = Math.scalb(1.0, target.quantization().type().bits());
    double steps = 2 * (most + Math.scalb(ratio, type.bits()));
    return Math.min(MOST_FRACTION_BITS, FINE_BITS - 1 - Math.getExponent(steps));
  }

  /** QONNX's quantizers after such a sum are not supported. */
  @Override
  public Optional<Value> quantize(Rewrite rewrite, RealTarget target) {
    return Optional.empty();
  }

  @Override
  public Value materialize(Rewrite rewrite, Node at) {
    return rewrite.emitFloat(at);
  }
}
