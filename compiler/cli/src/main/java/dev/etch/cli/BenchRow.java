// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

/**
 * What {@code etch bench} measured of a model with a budget; null is what was not measured.
 *
 * @param model file name
 * @param target device family
 * @param budget multipliers that were allowed
 * @param multipliers multipliers that the design has
 * @param nonzeroMacs products with nonzero weights
 * @param cyclesPerFrame by the cycle model
 * @param measuredCyclesPerFrame in simulated Verilog
 * @param cyclesOverBound cycles times budget over nonzero products: 1 is every multiplier always
 *     busy
 * @param busiestUtilization useful share of the array that is used best
 * @param cells by Yosys
 * @param compileSeconds model file to all files
 * @param simulatedFramesPerSecond of the Verilated design, without building it
 * @param reference the software's speed
 */
record BenchRow(
    String model,
    String target,
    int budget,
    int multipliers,
    long nonzeroMacs,
    long cyclesPerFrame,
    Long measuredCyclesPerFrame,
    double cyclesOverBound,
    double busiestUtilization,
    CellCounts cells,
    double compileSeconds,
    Double simulatedFramesPerSecond,
    ReferenceSpeed.Result reference) {}
