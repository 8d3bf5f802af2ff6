// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.tensor.Tensor;
import java.util.List;

/**
 * Computes what one node computes. Everything that is known before the first frame (decoded
 * weights, tables) is prepared in the constructor; running keeps no state, so that many threads may
 * share a kernel.
 */
@FunctionalInterface
interface Kernel {
  /** The node's results for operands in the operator's order. */
  List<Tensor> run(List<Tensor> operands);
}
