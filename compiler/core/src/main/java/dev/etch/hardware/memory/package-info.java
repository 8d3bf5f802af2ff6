// SPDX-License-Identifier: Apache-2.0
/**
 * The memories of hardware: what they hold, how wide and deep they are, and what they are for. The
 * generator builds them, the area estimate counts them, and the report sums their bits.
 */
package dev.etch.hardware.memory;
