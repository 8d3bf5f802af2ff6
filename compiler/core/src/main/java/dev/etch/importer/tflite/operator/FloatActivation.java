// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.importer.tflite.schema.Activation;
import dev.etch.op.Clip;
import dev.etch.op.Op;
import dev.etch.op.Relu;
import dev.etch.op.Reshape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A float operator, the activation that is fused to it, and the shape that the file wants. */
final class FloatActivation {
  private FloatActivation() {}

  /** Adds all of them; the last gives the first result. */
  static void finish(OperatorContext node, Activation activation, Op op, Value... operands) {
    List<Op> ops = new ArrayList<>(List.of(op));
    function(activation).ifPresent(ops::add);
    List<Integer> wanted = node.result(0).shape().dimensions();
    Value[] last = operands;
    for (int i = 0; i < ops.size() - 1; i++) {
      last = new Value[] {node.emit("linear", ops.get(i), last)};
    }
    Op finish = ops.get(ops.size() - 1);
    List<Integer> given =
        finish
            .infer(java.util.Arrays.stream(last).map(Value::type).toList())
            .get(0)
            .shape()
            .dimensions();
    if (given.equals(wanted)) {
      node.finish(finish, last);
    } else {
      node.finish(new Reshape(wanted), node.emit("rows", finish, last));
    }
  }

  /** The operator of an activation, if there is one. */
  static Optional<Op> function(Activation activation) {
    return switch (activation) {
      case NONE -> Optional.empty();
      case RELU -> Optional.of(new Relu());
      case RELU6 -> Optional.of(new Clip(0, 6));
      case RELU_N1_TO_1 -> Optional.of(new Clip(-1, 1));
      case TANH, SIGN_BIT ->
          throw new Refusal(
              "the fused activation " + activation, "use RELU, RELU6 or RELU_N1_TO_1");
    };
  }
}
