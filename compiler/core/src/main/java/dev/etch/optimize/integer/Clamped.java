// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.requantization.RealStep;
import dev.etch.optimize.integer.KernelSelection.Kernel;
import java.util.Optional;

/** Another form, kept between two bounds: Relu and Clip. */
record Clamped(FloatForm form, float minimum, float maximum, Node node) implements FloatForm {
  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    return form.quantize(rewrite, target.clampedTo(minimum, maximum));
  }

  @Override
  public Optional<Value> quantize(Rewrite rewrite, RealTarget target) {
    return form.quantize(rewrite, target.after(new RealStep.Clamp(minimum, maximum)));
  }

  @Override
  public Value materialize(Rewrite rewrite, Node at) {
    return rewrite.emitFloat(at);
  }

  /** Without loss if both bounds are themselves quantized values, or outside of their range. */
  @Override
  public Optional<Dequantized> dequantized(Rewrite rewrite) {
    return form.dequantized(rewrite)
        .filter(d -> d.quantization().isPerTensor())
        .filter(d -> keeps(d, minimum) && keeps(d, maximum))
        .flatMap(
            d ->
                d.quantize(
                        rewrite,
                        Target.of(node, d.quantization(), Kernel.AS_STORED)
                            .clampedTo(minimum, maximum))
                    .map(integers -> new Dequantized(integers, d.quantization())));
  }

  @Override
  public Optional<Tabulated> tabulated() {
    return form.tabulated().map(t -> t.then(new RealStep.Clamp(minimum, maximum)::apply));
  }

  private static boolean keeps(Dequantized operand, float bound) {
    float scale = operand.quantization().scale(0);
    int zeroPoint = operand.quantization().zeroPoint(0);
    double integer = Math.rint(bound / scale) + zeroPoint;
    return integer < operand.quantization().type().minimum()
        || integer > operand.quantization().type().maximum()
        || (float) (integer - zeroPoint) * scale == bound;
  }
}
