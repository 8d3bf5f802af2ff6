// SPDX-License-Identifier: Apache-2.0
/**
 * The hardware IR: streaming units joined by first-in-first-out queues.
 *
 * <p><b>The timing rule that everything rests on.</b> Every {@link dev.etch.hardware.Stream} is a
 * queue of a known depth with registered flags: in a cycle, its producer may push if the queue held
 * fewer than {@code depth} beats at the start of the cycle, and its consumer may pop if it held at
 * least one; a beat pushed in cycle t can be popped in cycle t + 1 at the earliest. So what a unit
 * does in a cycle depends on registers only, never on what another unit does in the same cycle.
 * Each unit's record states its own state machine; the Verilog generator and the cycle model both
 * implement exactly that, and are compared as integers.
 */
package dev.etch.hardware;
