// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.op.Pad;
import dev.etch.optimize.integer.KernelSelection.Kernel;
import java.util.List;
import java.util.Optional;

/** The padding gets the integer that stands for the pad value. */
final class PadToInteger implements IntegerRule {
  @Override
  public Optional<FloatForm> apply(Node node, Rewrite rewrite) {
    Pad op = (Pad) node.op();
    return rewrite.form(node.inputs().get(0)).map(form -> padded(node, op, form, rewrite));
  }

  private static FloatForm padded(Node node, Pad op, FloatForm form, Rewrite rewrite) {
    if (form instanceof Dequantized operand && operand.quantization().isPerTensor()) {
      Target same = Target.of(node, operand.quantization(), Kernel.AS_STORED);
      float value = (float) op.value();
      int integer = same.quantize(value);
      if ((float) (integer - same.zeroPoint()) * same.scale() == value) {
        return new Dequantized(
            rewrite.emit(node, withValue(op, integer), operand.integers()), operand.quantization());
      }
    }
    return new Moved(
        List.of(form), target -> withValue(op, target.quantize((float) op.value())), node);
  }

  private static Pad withValue(Pad op, int value) {
    return new Pad(op.before(), op.after(), value);
  }
}
