// SPDX-License-Identifier: Apache-2.0
/**
 * Builds generated Verilog into a simulator, runs it, and compares it with the reference: the
 * library behind {@code etch verify}, the generated driver's simulated transport and the JUnit 5
 * extension for hardware teams.
 */
package dev.etch.testbench;
