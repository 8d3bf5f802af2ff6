// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Lookup;
import dev.etch.op.Quantization;
import dev.etch.op.requantization.FixedPointArithmetic;
import dev.etch.op.requantization.QuantizedMultiplier;
import java.util.function.IntUnaryOperator;

/** HARD_SWISH, x * relu6(x + 3) / 6, in 16-bit fixed-point arithmetic. TFLite {@code HardSwish}. */
final class HardSwishReader implements OperatorReader {
  /** The operand has 7 more fraction bits inside. */
  private static final int FINER = 7;

  private static final float FINER_SCALE = 1f / (1 << FINER);

  /** relu6(x + 3) / 6 runs over 16 bits while x runs from -3 to 3. */
  private static final float RELUISH_SCALE = 3f / 32768f;

  @Override
  public String notes() {
    return "int8 and uint8, by table";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(1, 1);
    Quantization input = node.operand(0).perTensor();
    Quantization output = node.result(0).perTensor();
    ActivationTypes.checkEightBits(input, output);
    node.finish(Lookup.of(input.type(), output.type(), function(input, output)), node.value(0));
  }

  private static IntUnaryOperator function(Quantization input, Quantization output) {
    float fine = FINER_SCALE * input.scale(0);
    QuantizedMultiplier outer = QuantizedMultiplier.of(fine / output.scale(0));
    QuantizedMultiplier inner = QuantizedMultiplier.of(fine / RELUISH_SCALE);
    if (outer.shift() > 0) {
      throw new Refusal(
          "the scale of its result is too small for TFLite's kernel", "check the scales");
    }
    return stored -> {
      int x = (short) ((stored - input.zeroPoint(0)) * (1 << FINER));
      int scaled = multiplyHigh(x, halved(outer));
      int gate = (reluish(x, inner) + (1 << 15)) >> 1;
      int product = gate * scaled / (1 << 15);
      int y = FixedPointArithmetic.divideByPowerOfTwo(product, -outer.shift());
      return (int) output.type().saturate(y + (long) output.zeroPoint(0));
    };
  }

  /** x / 3 saturated to 16 bits; only the last bit is shifted in after the multiplication. */
  private static int reluish(int x, QuantizedMultiplier multiplier) {
    int shift = multiplier.shift();
    int value = shift > 0 ? shifted(x, shift - 1) : x;
    value = multiplyHigh(value, halved(multiplier));
    if (shift > 0) {
      return shifted(value, 1);
    }
    return FixedPointArithmetic.divideByPowerOfTwo(value, -shift);
  }

  private static int shifted(int value, int amount) {
    return saturated((long) value << amount);
  }

  private static int saturated(long value) {
    return (int) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, value));
  }

  /** The multiplier's upper 16 bits, rounded. TFLite {@code DownScaleInt32ToInt16Multiplier}. */
  private static int halved(QuantizedMultiplier multiplier) {
    int half = 1 << 15;
    return multiplier.multiplier() >= Integer.MAX_VALUE - half
        ? Short.MAX_VALUE
        : (multiplier.multiplier() + half) >> 16;
  }

  /** {@code a * b / 2^15} rounded, ties up; the second operand is at least 0. */
  private static int multiplyHigh(int a, int b) {
    int product = a * b;
    int nudge = product >= 0 ? 1 << 14 : 1 - (1 << 14);
    return (product + nudge) / (1 << 15);
  }
}
