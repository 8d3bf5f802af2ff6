// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.op.Quantization;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.requantization.FixedPointSum;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.op.requantization.SumRequantization;

/** ADD and SUB of two quantized tensors, broadcast as NumPy does. */
final class AddReader implements OperatorReader {
  private static final int ACTIVATION = 0;
  private static final int HEADROOM = 20;
  private static final int HEADROOM_OF_16_BITS = 15;

  private final boolean subtracts;

  /** A reader of SUB, or else of ADD. */
  AddReader(boolean subtracts) {
    this.subtracts = subtracts;
  }

  @Override
  public String notes() {
    return "int8, uint8 and int16; fused activation; broadcasting";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(2, 2);
    Quantization left = node.operand(0).perTensor();
    Quantization right = node.operand(1).perTensor();
    Quantization output = node.result(0).perTensor();
    ActivationTypes.check(left, right, output);
    OutputRange range = OutputRange.of(output, node.options().activation(ACTIVATION));
    boolean shifts =
        ActivationTypes.isWide(output)
            && PowerOfTwoSum.isPowerOfTwo(left)
            && PowerOfTwoSum.isPowerOfTwo(right)
            && PowerOfTwoSum.isPowerOfTwo(output);
    SumRequantization sum =
        shifts
            ? PowerOfTwoSum.of(left, right, subtracts, output, range)
            : sum(left, right, output, range);
    node.finish(new QuantizedAdd(sum, output.type()), node.value(0), node.value(1));
  }

  private SumRequantization sum(
      Quantization left, Quantization right, Quantization output, OutputRange range) {
    int headroom = ActivationTypes.isWide(output) ? HEADROOM_OF_16_BITS : HEADROOM;
    double twiceLarger = 2.0 * Math.max(left.scale(0), right.scale(0));
    return new FixedPointSum(
        left.zeroPoint(0),
        QuantizedMultiplier.of(left.scale(0) / twiceLarger),
        right.zeroPoint(0),
        QuantizedMultiplier.of(right.scale(0) / twiceLarger),
        subtracts,
        headroom,
        QuantizedMultiplier.of(twiceLarger / ((1 << headroom) * (double) output.scale(0))),
        output.zeroPoint(0),
        range.low(),
        range.high());
  }
}
