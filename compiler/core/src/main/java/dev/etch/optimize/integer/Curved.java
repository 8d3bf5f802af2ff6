// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.FunctionOp;
import dev.etch.op.Op;
import dev.etch.op.requantization.FloatFunction;
import dev.etch.op.requantization.RealStep;
import java.util.Optional;

/**
 * Another form after a function that never decreases, where there are too many values for a table:
 * the sums of a layer. Only for QONNX's quantizers; ONNX Runtime computes such a layer in float32.
 */
record Curved(FloatForm form, FloatFunction function) implements FloatForm {
  /** The form after the operator; empty if that may decrease. */
  static Optional<FloatForm> of(FloatForm form, Op op) {
    return op instanceof FunctionOp function && function.isMonotone()
        ? Optional.of(new Curved(form, function))
        : Optional.empty();
  }

  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    return Optional.empty();
  }

  @Override
  public Optional<Value> quantize(Rewrite rewrite, RealTarget target) {
    return form.quantize(rewrite, target.after(new RealStep.Curve(function)));
  }

  @Override
  public Value materialize(Rewrite rewrite, Node node) {
    return rewrite.emitFloat(node);
  }
}
