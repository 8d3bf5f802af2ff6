// SPDX-License-Identifier: Apache-2.0
package dev.etch.graph;

import dev.etch.diagnostic.Location;
import dev.etch.op.Op;
import java.util.List;
import java.util.Objects;

/**
 * One application of an operator.
 *
 * @param name unique in the graph; the model's node name where it had one
 * @param op operator and attributes
 * @param inputs operands in the operator's order; optional trailing operands are left out
 * @param outputs results
 * @param location where the user finds this node
 */
public record Node(String name, Op op, List<Value> inputs, List<Value> outputs, Location location) {
  public Node {
    Objects.requireNonNull(name);
    Objects.requireNonNull(op);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    Objects.requireNonNull(location);
  }

  /** The only result. */
  public Value output() {
    return outputs.get(0);
  }
}
