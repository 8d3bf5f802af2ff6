// SPDX-License-Identifier: Apache-2.0
package dev.etch.graph;

import java.util.Objects;

/**
 * A model cut into what the host does before, what the accelerator does, and what the host does
 * after. The inputs of each part are the outputs of the part before it, in the same order. A part
 * that has nothing to do passes its inputs through (outputs equal inputs, no nodes).
 *
 * @param whole the model before the cut
 * @param before float to integer: Quantize, layout changes of the float input
 * @param accelerator integers only, one input
 * @param after integer to float: Dequantize, Softmax and what follows
 */
public record PartitionedModel(Graph whole, Graph before, Graph accelerator, Graph after) {
  public PartitionedModel {
    Objects.requireNonNull(whole);
    Objects.requireNonNull(before);
    Objects.requireNonNull(accelerator);
    Objects.requireNonNull(after);
  }
}
