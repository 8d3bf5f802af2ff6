// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.op.Requantization;
import dev.etch.op.Requantize;

/**
 * Warns of average pools of ONNX whose exact mean often lies half-way between two outputs. ONNX
 * Runtime sums floats there, so that rounding depends on their order, which no arithmetic on the
 * integer sum can follow; see docs/rationale/arithmetic.md, "Average pooling".
 */
final class AverageTies {
  private AverageTies() {}

  static void warn(Graph graph, DiagnosticCollector diagnostics) {
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Requantize requantize
          && requantize.channels().stream().anyMatch(AverageTies::meets)) {
        diagnostics.warning(
            node.location(),
            "averages of a power-of-two scale often lie exactly between two outputs; there ONNX"
                + " Runtime's result depends on the order in which it sums, and about one output"
                + " in a hundred can be a step off from it",
            "nothing, if a step does not matter: the hardware equals Etch's reference; else"
                + " quantize the pool's output with a scale of its own");
      }
    }
  }

  /** Whether half a step is a whole number of sums: scales a power of two apart, an even count. */
  private static boolean meets(Requantization requantization) {
    return requantization instanceof Requantization.Average average
        && average.count() % 2 == 0
        && isPowerOfTwo(average.inputScale() / (double) average.outputScale());
  }

  private static boolean isPowerOfTwo(double ratio) {
    return ratio == Math.scalb(1.0, Math.getExponent(ratio));
  }
}
