// SPDX-License-Identifier: Apache-2.0
/** Runs Yosys and nextpnr on the Verilog of a design, and reads what they say. */
package dev.etch.testbench.synthesis;
