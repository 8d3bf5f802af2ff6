// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.op.PRelu;
import dev.etch.op.requantization.FloatFunction;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A function of each element of a quantized tensor becomes a table of what quantizes it. */
final class FunctionToInteger implements IntegerRule {
  @Override
  public Optional<FloatForm> apply(Node node, Rewrite rewrite) {
    return rewrite
        .form(node.inputs().get(0))
        .flatMap(
            form ->
                form.tabulated().isPresent()
                    ? applied(node, form.tabulated().get()).map(FloatForm.class::cast)
                    : Curved.of(form, node.op()));
  }

  private static Optional<Tabulated> applied(Node node, Tabulated operand) {
    if (node.op() instanceof PRelu op) {
      List<FloatFunction> channels =
          IntStream.range(0, op.slopes().size()).mapToObj(op::function).toList();
      return operand.then(channels, op.channelAxis());
    }
    return Optional.of(operand.then((FloatFunction) node.op()));
  }
}
