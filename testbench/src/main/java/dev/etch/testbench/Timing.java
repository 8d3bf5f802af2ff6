// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

/**
 * How long an accelerator takes when the host never stalls.
 *
 * @param latencyCycles last output handshake minus first input handshake, of a single frame
 * @param cyclesPerFrame between the last output handshakes of frames fed back to back without end,
 *     as {@link dev.etch.schedule.CycleModel} counts them
 */
public record Timing(long latencyCycles, long cyclesPerFrame) {}
