// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.SumRequantization;
import dev.etch.op.SumRequantization.FloatSum;
import dev.etch.op.SumRequantization.Shifted;
import dev.etch.tensor.IntegerType;
import java.util.Optional;

/** The sum of two quantized tensors of one shape, each with one scale. */
record Summed(Dequantized left, Dequantized right) implements FloatForm {
  /** ONNX Runtime adds int8 operands of QDQ models as uint8; see docs/rationale/arithmetic.md. */
  private static final int UINT8_SHIFT = 128;

  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    boolean int8 =
        left.isInt8() && right.isInt8() && target.quantization().type().equals(IntegerType.INT8);
    SumRequantization sum =
        int8 ? new Shifted(sum(target, UINT8_SHIFT), UINT8_SHIFT) : sum(target, 0);
    return Optional.of(
        rewrite.emit(
            target.node(),
            new QuantizedAdd(sum, target.quantization().type()),
            left.integers(),
            right.integers()));
  }

  private FloatSum sum(Target target, int shift) {
    return new FloatSum(
        left.quantization().scale(0),
        left.quantization().zeroPoint(0) + shift,
        right.quantization().scale(0),
        right.quantization().zeroPoint(0) + shift,
        target.scale(),
        target.zeroPoint() + shift,
        target.low() + shift,
        target.high() + shift);
  }

  @Override
  public Value materialize(Rewrite rewrite, Node node) {
    return rewrite.emitFloat(node);
  }
}
