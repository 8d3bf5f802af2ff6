// SPDX-License-Identifier: Apache-2.0
/**
 * Estimates of the cells that a design takes on a device family, made from the structure of its
 * units: a class a block, with the name of the block that makes the Verilog. What a cell is, and
 * which memories become block memories, is as Yosys decides it.
 */
package dev.etch.area;
