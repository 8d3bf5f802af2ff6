// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.FixedPointFunctions;
import dev.etch.op.Lookup;
import dev.etch.op.Quantization;
import dev.etch.op.requantization.FixedPointArithmetic;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.tensor.IntegerType;
import java.util.function.IntUnaryOperator;

/**
 * LOGISTIC and TANH. On uint8 the kernel makes a table of the real function. On int8: operands
 * within the function's range are rescaled to 4 integer bits, those beyond it saturate. On int16
 * the kernel interpolates in a table.
 */
final class SmoothFunctionReader implements OperatorReader {
  private static final int INTEGER_BITS = 4;
  private static final int WIDE_FRACTION_BITS = 15;
  private static final double LARGEST_FACTOR = 1L << 30;

  private final Function function;

  SmoothFunctionReader(Function function) {
    this.function = function;
  }

  /** Which function, and how its result is stored. */
  enum Function {
    /** From 0 to 1 in steps of 1/256. */
    LOGISTIC(8, -128) {
      @Override
      IntUnaryOperator wide(InterpolatedSigmoid sigmoid) {
        return sigmoid.logistic();
      }

      @Override
      int at(int x) {
        return FixedPointFunctions.logistic(x, INTEGER_BITS);
      }

      @Override
      double at(double x) {
        // The exponential is rounded to float32, as all steps of the kernel are.
        return 1f / (1f + (float) Math.exp(-x));
      }
    },
    /** From -1 to 1 in steps of 1/128. */
    TANH(7, 0) {
      @Override
      IntUnaryOperator wide(InterpolatedSigmoid sigmoid) {
        return sigmoid.tanh();
      }

      @Override
      int at(int x) {
        return FixedPointFunctions.tanh(x, INTEGER_BITS);
      }

      @Override
      double at(double x) {
        return Math.tanh(x);
      }
    };

    private final int fractionBits;
    private final int zeroPoint;

    Function(int fractionBits, int zeroPoint) {
      this.fractionBits = fractionBits;
      this.zeroPoint = zeroPoint;
    }

    /** The function in Q0 of an operand in Q4. */
    abstract int at(int x);

    /** The function of a real number. */
    abstract double at(double x);

    /** The function of 16 bits. */
    abstract IntUnaryOperator wide(InterpolatedSigmoid sigmoid);
  }

  @Override
  public String notes() {
    return "int8, uint8 and int16, by table";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(1, 1);
    Quantization input = node.operand(0).perTensor();
    Quantization output = node.result(0).perTensor();
    ActivationTypes.check(input, output);
    if (ActivationTypes.isWide(input)) {
      requireResult(output, WIDE_FRACTION_BITS, 0);
      IntUnaryOperator wide = function.wide(InterpolatedSigmoid.of(input));
      node.finish(Lookup.of(input.type(), output.type(), wide), node.value(0));
      return;
    }
    int zeroPoint =
        function.zeroPoint - (int) IntegerType.INT8.minimum() + (int) output.type().minimum();
    requireResult(output, function.fractionBits, zeroPoint);
    Lookup table =
        input.type().signed()
            ? Lookup.of(input.type(), output.type(), table(input))
            : RealTable.of(input, output, function::at);
    node.finish(table, node.value(0));
  }

  private static void requireResult(Quantization output, int fractionBits, int zeroPoint) {
    if (output.zeroPoint(0) != zeroPoint || output.scale(0) != 1f / (1 << fractionBits)) {
      throw new Refusal(
          "its result has scale %s and zero point %d"
              .formatted(output.scale(0), output.zeroPoint(0)),
          "TFLite's kernel gives scale 1/%d and zero point %d"
              .formatted(1 << fractionBits, zeroPoint));
    }
  }

  private IntUnaryOperator table(Quantization input) {
    double unit = Math.scalb(1.0, 31 - INTEGER_BITS);
    // A larger factor than this leaves no operand within the function's range.
    double factor = Math.min(input.scale(0) * unit, LARGEST_FACTOR);
    QuantizedMultiplier multiplier = QuantizedMultiplier.of(factor);
    double radius = Math.floor(Math.scalb(((1 << INTEGER_BITS) - 1) * unit, -multiplier.shift()));
    return stored -> {
      int x = stored - input.zeroPoint(0);
      // Zero stays within the range even if the scale leaves nothing else there.
      if (x != 0 && Math.abs(x) >= radius) {
        return (int) (x < 0 ? IntegerType.INT8.minimum() : IntegerType.INT8.maximum());
      }
      int result = function.at(multiplier.times(x));
      int rounded = FixedPointArithmetic.divideByPowerOfTwo(result, 31 - function.fractionBits);
      return (int) IntegerType.INT8.saturate(rounded + (long) function.zeroPoint);
    };
  }
}
