// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.op.Quantization;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.QuantizedMultiplier;
import dev.etch.op.SumRequantization;

/** ADD and SUB of two quantized tensors, broadcast as NumPy does. */
final class AddReader implements OperatorReader {
  private static final int ACTIVATION = 0;
  private static final int HEADROOM = 20;

  private final boolean subtracts;

  /** A reader of SUB, or else of ADD. */
  AddReader(boolean subtracts) {
    this.subtracts = subtracts;
  }

  @Override
  public String notes() {
    return "int8 and uint8; fused activation; broadcasting";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(2, 2);
    Quantization left = node.operand(0).perTensor();
    Quantization right = node.operand(1).perTensor();
    Quantization output = node.result(0).perTensor();
    EightBits.check(left, right, output);
    OutputRange range = OutputRange.of(output, node.options().activation(ACTIVATION));
    double twiceLarger = 2.0 * Math.max(left.scale(0), right.scale(0));
    SumRequantization sum =
        new SumRequantization.FixedPointSum(
            left.zeroPoint(0),
            QuantizedMultiplier.of(left.scale(0) / twiceLarger),
            right.zeroPoint(0),
            QuantizedMultiplier.of(right.scale(0) / twiceLarger),
            subtracts,
            HEADROOM,
            QuantizedMultiplier.of(twiceLarger / ((1 << HEADROOM) * (double) output.scale(0))),
            output.zeroPoint(0),
            range.low(),
            range.high());
    node.finish(new QuantizedAdd(sum, output.type()), node.value(0), node.value(1));
  }
}
