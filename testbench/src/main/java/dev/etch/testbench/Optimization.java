// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

/** How hard the C++ compiler works on a simulator. */
public enum Optimization {
  /** Builds fastest, runs slowest: for a handful of frames. */
  NONE("-O0"),
  /** In between. */
  SOME("-O1"),
  /** Builds slowest, runs fastest: for data sets. */
  FULL("-O2");

  // Measured with Verilator 5.006 and g++ 12: see docs/rationale/verification.md.
  private static final long SHORT_WORK = 2_000_000_000L;
  private static final long LONG_WORK = 400_000_000_000L;

  private final String flag;

  Optimization(String flag) {
    this.flag = flag;
  }

  String flag() {
    return flag;
  }

  /**
   * The level that gives the earliest result.
   *
   * @param cycles that will be simulated
   * @param verilogBytes size of the design's Verilog, which stands for the work of a cycle and of
   *     compiling
   */
  public static Optimization forWork(long cycles, long verilogBytes) {
    double work = (double) cycles * verilogBytes;
    return work < SHORT_WORK ? NONE : work < LONG_WORK ? SOME : FULL;
  }
}
