// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training.pytorch;

import ai.djl.ndarray.NDArray;
import dev.etch.graph.Node;
import java.util.List;

/** What computes one operator for a batch of items. */
@FunctionalInterface
interface Translation {
  /**
   * The result.
   *
   * @param node types are those of a batch of 1
   * @param operands with the batch's items along the first axis, but for constants
   * @param pass how the network is run
   */
  NDArray apply(Node node, List<NDArray> operands, ForwardPass pass);
}
