// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.op.IntegerMixes;
import dev.etch.op.LinearResize2d;
import java.util.Optional;

/** Mixes of quantized elements are integer sums, if the weights are small fractions. */
final class LinearResize2dToInteger implements IntegerRule {
  @Override
  public Optional<FloatForm> apply(Node node, Rewrite rewrite) {
    LinearResize2d op = (LinearResize2d) node.op();
    Optional<IntegerMixes> rows = IntegerMixes.of(op.rows());
    Optional<IntegerMixes> columns = IntegerMixes.of(op.columns());
    return rewrite
        .activation(node.inputs().get(0))
        .filter(x -> rows.isPresent() && columns.isPresent())
        .filter(x -> fits(x, rows.get(), columns.get()))
        .map(x -> new Blended(node, x, rows.get(), columns.get()));
  }

  /** Whether the sums are int32. */
  private static boolean fits(Dequantized x, IntegerMixes rows, IntegerMixes columns) {
    long largest = 1L << x.quantization().type().bits();
    return largest * rows.unit() * columns.unit() <= Integer.MAX_VALUE;
  }
}
