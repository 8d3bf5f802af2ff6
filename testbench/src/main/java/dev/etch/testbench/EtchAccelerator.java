// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which accelerator a test wants, on a parameter of type {@link SimulatedAccelerator} of a
 * test class with {@link EtchExtension}. The Verilog is built when it changed, and each test gets a
 * process of its own, out of reset and running.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface EtchAccelerator {
  /**
   * Folder with the {@code .v} files, such as {@code hdl-out/lenet5/rtl}; relative to the working
   * directory of the build, which for Maven is the module's folder.
   */
  String rtl();

  /** Name of the top module. */
  String top();

  /**
   * File with the words that the design reads from a memory outside, such as {@code
   * hdl-out/lenet5/memory.bin}; empty if it reads none. The memory is that of {@link
   * dev.etch.hardware.ExternalMemory#STANDARD}.
   */
  String memory() default "";

  /** How hard the simulator is optimized: more for tests that simulate many cycles. */
  Optimization optimization() default Optimization.SOME;

  /** Probability of a stall in a cycle, on both sides. */
  double stall() default 0;

  /** Seed of the stalls. */
  long seed() default 1;
}
