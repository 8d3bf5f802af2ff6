// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Computes one node, or several that were fused, on values in whichever form suits it. Prepared
 * once for a model; running keeps no state outside of its scratch memory.
 */
@FunctionalInterface
interface Layer {
  /** The results for operands in the (first) operator's order. */
  List<Activation> run(Activation[] operands, Scratch scratch);

  /** A layer that works on tensors. */
  static Layer of(Kernel kernel) {
    return (operands, scratch) -> {
      List<Tensor> tensors = Arrays.stream(operands).map(Activation::tensor).toList();
      return kernel.run(tensors).stream().map(Activation::new).toList();
    };
  }
}
