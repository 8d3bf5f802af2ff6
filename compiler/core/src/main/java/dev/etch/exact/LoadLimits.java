// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.graph.Node;
import dev.etch.hardware.requantizer.ScaleEnvelope;

/**
 * How far weights that the host loads may differ from those that a design was compiled with. Layers
 * are asked for in the order of the graph.
 */
public interface LoadLimits {
  /**
   * What the accumulators of a layer may reach.
   *
   * @param own what they reach with the weights at hand
   * @return a range that contains it
   * @throws dev.etch.diagnostic.DiagnosticException if it is not within the limits
   */
  Interval accumulators(Node node, Interval own);

  /**
   * What the numbers of a layer's requantizer have in common.
   *
   * @param own the least that those at hand need
   * @throws dev.etch.diagnostic.DiagnosticException if they are not within the limits
   */
  ScaleEnvelope requantizer(Node node, ScaleEnvelope own);
}
