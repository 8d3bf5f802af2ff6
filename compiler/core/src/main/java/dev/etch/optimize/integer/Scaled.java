// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Linear;
import dev.etch.op.Lookup;
import dev.etch.op.Quantization;
import dev.etch.op.requantization.FloatFunction;
import dev.etch.op.requantization.RealStep;
import dev.etch.optimize.integer.RealTarget.ChannelSteps;
import dev.etch.tensor.IntegerType;
import java.util.List;
import java.util.Optional;

/**
 * Another form after float arithmetic with constants.
 *
 * @param node of the original graph
 */
record Scaled(Node node, FloatForm form, Linear op) implements FloatForm {
  /** Beyond these the check of every value takes too long. */
  private static final int MOST_BITS = 16;

  /** Operands of more bits are not negated by a table. */
  private static final int MOST_NEGATED_BITS = 8;

  private static final RealStep.Linear NEGATION = new RealStep.Linear(1, -1, 0);

  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    return quantize(rewrite, RealTarget.of(target));
  }

  @Override
  public Optional<Value> quantize(Rewrite rewrite, RealTarget target) {
    return form.quantize(rewrite, target.after(new ChannelSteps(op.channels(), op.channelAxis())));
  }

  @Override
  public Value materialize(Rewrite rewrite, Node node) {
    return rewrite.emitFloat(node);
  }

  /** A scale moved out of a quantizer: without loss if it may as well be part of the scale. */
  @Override
  public Optional<Dequantized> dequantized(Rewrite rewrite) {
    if (op.channels().size() != 1) {
      return Optional.empty();
    }
    return form.dequantized(rewrite)
        .filter(d -> d.quantization().isPerTensor() && d.quantization().type().bits() <= MOST_BITS)
        .flatMap(
            d ->
                op.channels().get(0).equals(NEGATION)
                    ? negated(rewrite, d)
                    : rescaled(d, op.channels().get(0)));
  }

  /** The other end of the type for each integer, and for the zero point: exact. */
  private Optional<Dequantized> negated(Rewrite rewrite, Dequantized operand) {
    Quantization old = operand.quantization();
    IntegerType type = old.type();
    if (type.bits() > MOST_NEGATED_BITS) {
      return Optional.empty();
    }
    int ends = Math.toIntExact(type.minimum() + type.maximum());
    Value integers =
        rewrite.emit(node, "negated", Lookup.of(type, type, x -> ends - x), operand.integers());
    Quantization quantization = Quantization.perTensor(type, old.scale(0), ends - old.zeroPoint(0));
    return Optional.of(new Dequantized(integers, quantization));
  }

  @Override
  public Optional<Tabulated> tabulated() {
    List<FloatFunction> steps = op.channels().stream().map(s -> (FloatFunction) s::apply).toList();
    return form.tabulated().flatMap(t -> t.then(steps, op.channelAxis()));
  }

  private static Optional<Dequantized> rescaled(Dequantized operand, RealStep.Linear step) {
    Quantization old = operand.quantization();
    IntegerType type = old.type();
    float scale = old.scale(0) / step.divisor() * step.factor();
    if (step.addend() != 0 || !(scale > 0) || Float.isInfinite(scale)) {
      return Optional.empty();
    }
    for (long q = type.minimum(); q <= type.maximum(); q++) {
      float number = q - old.zeroPoint(0);
      if (step.apply(number * old.scale(0)) != number * scale) {
        return Optional.empty();
      }
    }
    Quantization quantization = Quantization.perTensor(type, scale, old.zeroPoint(0));
    return Optional.of(new Dequantized(operand.integers(), quantization));
  }
}
