// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.search;

/**
 * What a model takes as hardware.
 *
 * @param cycles of a frame, exact
 * @param luts look-up tables, estimated
 * @param multipliers DSP blocks
 * @param blocks memory blocks, as the target counts them
 */
public record Price(long cycles, long luts, long multipliers, long blocks) {}
