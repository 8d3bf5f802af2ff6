// SPDX-License-Identifier: Apache-2.0
/** The self-checking Verilog testbench that runs without Java. */
package dev.etch.templates.testbench;
