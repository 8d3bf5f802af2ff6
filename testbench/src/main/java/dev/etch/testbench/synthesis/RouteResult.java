// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What place and route made of a design with one seed.
 *
 * @param seed of the placer
 * @param fmaxMegahertz highest clock that timing analysis allows; empty if it was not routed
 * @param paths the longest first, of different registers; empty if it was not routed
 * @param slack at the clock that was aimed at
 * @param problem why it was not routed; empty if it was
 */
public record RouteResult(
    int seed,
    Optional<Double> fmaxMegahertz,
    List<CriticalPath> paths,
    SlackHistogram slack,
    String problem) {
  public RouteResult {
    paths = List.copyOf(paths);
    Objects.requireNonNull(slack);
  }

  /** It was not routed. */
  static RouteResult failed(int seed, String problem) {
    return new RouteResult(
        seed, Optional.empty(), List.of(), new SlackHistogram(List.of()), problem);
  }
}
