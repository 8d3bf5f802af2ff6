// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Linear;
import dev.etch.op.requantization.RealStep;
import dev.etch.tensor.FloatTensor;
import java.util.ArrayList;
import java.util.List;

/** Div by a constant; by a power of two it is a product, which is as exact and can be folded. */
final class DivReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(2, 2);
  }

  @Override
  public String notes() {
    return "by a float32 constant per tensor or channel; int64 shape arithmetic is folded";
  }

  @Override
  public void read(NodeContext node) {
    if (LongArithmetic.fold(node, (a, b) -> a / b)) {
      return;
    }
    FloatTensor divisor = node.floats(1, "the divisor");
    float[] reciprocals = divisor.data().clone();
    boolean exact = true;
    for (int i = 0; i < reciprocals.length; i++) {
      exact &= ConstantForms.isPowerOfTwo(reciprocals[i]);
      reciprocals[i] = 1 / reciprocals[i];
    }
    if (exact) {
      Scaling.result(node, 0, new FloatTensor(divisor.type(), reciprocals));
    } else {
      quotient(node);
    }
  }

  private static void quotient(NodeContext node) {
    if (!node.operand(0).type().isFloat()) {
      throw new Refusal("operand has type " + node.operand(0).type(), "float32 wanted");
    }
    ChannelConstants divisors = ChannelConstants.of(node, 1, "the divisor", node.shape(0));
    List<RealStep.Linear> channels = new ArrayList<>();
    for (float divisor : divisors.values()) {
      channels.add(new RealStep.Linear(divisor, 1, 0));
    }
    node.emitResult(new Linear(channels, divisors.axis()), node.value(0));
  }
}
