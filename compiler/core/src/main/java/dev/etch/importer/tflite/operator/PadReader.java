// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Pad;
import dev.etch.op.Quantization;
import java.util.ArrayList;
import java.util.List;

/** PAD with real zero, which is the zero point, and PADV2 with a constant. */
final class PadReader implements OperatorReader {
  private static final int PADDINGS = 1;
  private static final int VALUE = 2;

  @Override
  public String notes() {
    return "int8, uint8 and int16; constant paddings and value";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(2, 3);
    Quantizations.requireEqual(node, 0);
    List<Integer> stored = node.numbers(PADDINGS);
    if (stored.size() != 2 * node.operand(0).shape().rank()) {
      throw new Refusal("it has " + stored.size() + " paddings", "two for each axis");
    }
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    for (int i = 0; i < stored.size(); i += 2) {
      before.add(stored.get(i));
      after.add(stored.get(i + 1));
    }
    node.finish(new Pad(before, after, value(node)), node.value(0));
  }

  private static int value(OperatorContext node) {
    Quantization output = node.result(0).perTensor();
    if (!node.has(VALUE)) {
      return output.zeroPoint(0);
    }
    List<Integer> value = node.numbers(VALUE);
    if (value.size() != 1 || !node.operand(VALUE).perTensor().equals(output)) {
      throw new Refusal("its value is not one integer quantized as the result", "");
    }
    return value.get(0);
  }
}
