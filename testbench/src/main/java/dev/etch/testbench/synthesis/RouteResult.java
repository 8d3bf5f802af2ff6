// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import java.util.Optional;

/**
 * What place and route made of a design with one seed.
 *
 * @param seed of the placer
 * @param fmaxMegahertz highest clock that timing analysis allows; empty if it was not routed
 * @param path that limits it; empty if it was not routed
 * @param problem why it was not routed; empty if it was
 */
public record RouteResult(
    int seed, Optional<Double> fmaxMegahertz, Optional<CriticalPath> path, String problem) {}
