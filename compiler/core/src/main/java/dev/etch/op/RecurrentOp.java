// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * A layer that remembers: a frame is some steps of a sequence, which goes on in the next frame. By
 * itself ({@link #evaluate(List)}) a frame is a whole sequence.
 */
public sealed interface RecurrentOp extends IntegerOp permits IntegerLstm {
  /**
   * What is computed for a frame.
   *
   * @param results of the operator
   * @param states behind the frame, which the next one begins with
   */
  record Advance(List<Tensor> results, List<Tensor> states) {
    public Advance {
      results = List.copyOf(results);
      states = List.copyOf(states);
    }
  }

  /** The states that a sequence begins with, for operands that fit {@link #infer}. */
  List<Tensor> initialStates(List<TensorType> operands);

  /** A frame that begins with {@code states}, of the types of the initial ones. */
  Advance advance(List<Tensor> operands, List<Tensor> states);

  @Override
  default List<Tensor> evaluate(List<Tensor> operands) {
    return advance(operands, initialStates(Operands.typesOf(operands))).results();
  }
}
