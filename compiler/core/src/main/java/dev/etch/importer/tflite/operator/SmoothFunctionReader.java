// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.onnx.data.Refusal;
import dev.etch.op.FixedPointArithmetic;
import dev.etch.op.FixedPointFunctions;
import dev.etch.op.Lookup;
import dev.etch.op.Quantization;
import dev.etch.op.QuantizedMultiplier;
import dev.etch.tensor.IntegerType;
import java.util.function.IntUnaryOperator;

/**
 * LOGISTIC and TANH on int8: operands within the function's range are rescaled to 4 integer bits,
 * those beyond it saturate.
 */
final class SmoothFunctionReader implements OperatorReader {
  private static final int INTEGER_BITS = 4;

  private final Function function;

  SmoothFunctionReader(Function function) {
    this.function = function;
  }

  /** Which function, and how its result is stored. */
  enum Function {
    /** From 0 to 1 in steps of 1/256. */
    LOGISTIC(8, -128) {
      @Override
      int at(int x) {
        return FixedPointFunctions.logistic(x, INTEGER_BITS);
      }
    },
    /** From -1 to 1 in steps of 1/128. */
    TANH(7, 0) {
      @Override
      int at(int x) {
        return FixedPointFunctions.tanh(x, INTEGER_BITS);
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
  }

  @Override
  public String notes() {
    return "int8, by table";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(1, 1);
    Quantization input = node.operand(0).perTensor();
    Quantization output = node.result(0).perTensor();
    EightBits.checkSigned(input, output);
    if (output.zeroPoint(0) != function.zeroPoint
        || output.scale(0) != 1f / (1 << function.fractionBits)) {
      throw new Refusal(
          "its result has scale %s and zero point %d"
              .formatted(output.scale(0), output.zeroPoint(0)),
          "TFLite's kernel gives scale 1/%d and zero point %d"
              .formatted(1 << function.fractionBits, function.zeroPoint));
    }
    node.finish(Lookup.of(input.type(), output.type(), table(input)), node.value(0));
  }

  private IntUnaryOperator table(Quantization input) {
    double unit = Math.scalb(1.0, 31 - INTEGER_BITS);
    QuantizedMultiplier multiplier = QuantizedMultiplier.of(input.scale(0) * unit);
    double radius = Math.floor(Math.scalb(((1 << INTEGER_BITS) - 1) * unit, -multiplier.shift()));
    return stored -> {
      int x = stored - input.zeroPoint(0);
      if (Math.abs(x) >= radius) {
        return (int) (x < 0 ? IntegerType.INT8.minimum() : IntegerType.INT8.maximum());
      }
      int result = function.at(multiplier.times(x));
      int rounded = FixedPointArithmetic.divideByPowerOfTwo(result, 31 - function.fractionBits);
      return (int) IntegerType.INT8.saturate(rounded + (long) function.zeroPoint);
    };
  }
}
