// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Op;
import java.util.List;
import java.util.Optional;

/**
 * A layer's result whose channels are the phases of the channels of this value; see {@link
 * dev.etch.op.TransposedWindow}.
 *
 * @param phases the layer
 * @param count phases of a channel, which are channels of the layer next to each other
 * @param operators bring the phases to their places, one after another
 * @param node of the original graph
 */
record Assembled(Accumulated phases, int count, List<Op> operators, Node node)
    implements FloatForm {
  Assembled {
    operators = List.copyOf(operators);
  }

  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    return phases.quantize(rewrite, target).map(integers -> assembled(rewrite, integers));
  }

  @Override
  public Optional<Value> quantize(Rewrite rewrite, RealTarget target) {
    return phases
        .quantize(rewrite, target.repeated(count))
        .map(integers -> assembled(rewrite, integers));
  }

  @Override
  public Value materialize(Rewrite rewrite, Node at) {
    return phases.materialize(rewrite, at, count, sums -> assembled(rewrite, sums));
  }

  private Value assembled(Rewrite rewrite, Value integers) {
    Value value = integers;
    for (Op operator : operators) {
      value = rewrite.emit(node, operator, value);
    }
    return value;
  }
}
