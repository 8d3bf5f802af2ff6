// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

/**
 * The path that limits the clock.
 *
 * @param unit of the design that the path starts in; empty if it is the wrapper with few pins
 * @param endUnit of the design that the path ends in, which should be the same
 * @param from register, memory or multiplier that the path starts at, without its unit
 * @param to register, memory or multiplier that it ends at
 * @param logicNanoseconds delay of cells, with clock-to-output and set-up time
 * @param routingNanoseconds delay of wires
 */
public record CriticalPath(
    String unit,
    String endUnit,
    String from,
    String to,
    double logicNanoseconds,
    double routingNanoseconds) {}
