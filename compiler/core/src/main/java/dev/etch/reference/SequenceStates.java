// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.graph.Node;
import dev.etch.op.RecurrentOp;
import dev.etch.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the recurrent layers of a graph remember between the frames of one sequence, whose frames
 * must run one after another. New ones are at a sequence's beginning.
 */
public final class SequenceStates {
  private final Map<Node, List<Tensor>> states = new IdentityHashMap<>();

  /** The results of a recurrent node, whose states go on. */
  List<Tensor> advance(Node node, RecurrentOp op, List<Tensor> operands) {
    List<Tensor> before = states.get(node);
    RecurrentOp.Advance advance =
        op.advance(
            operands,
            before == null
                ? op.initialStates(operands.stream().map(Tensor::type).toList())
                : before);
    states.put(node, advance.states());
    return advance.results();
  }
}
