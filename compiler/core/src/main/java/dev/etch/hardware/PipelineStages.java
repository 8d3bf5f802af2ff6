// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

/**
 * How many registers lie between the parts of a unit. Generator, cycle model and area estimate read
 * the same numbers, so a stage that is added is added everywhere.
 */
public final class PipelineStages {
  /** From a slot of a schedule until the address of a memory port is looked up. */
  public static final int ADDRESS = 1;

  /** From a slot until the beat is read, and with it which of its elements is wanted. */
  public static final int BEAT = 3;

  /** From a slot until a lane's operand and its weight are there. */
  public static final int OPERAND = 4;

  /** From a slot until a lane's product is there, and whether it counts. */
  public static final int PRODUCT = 5;

  /** From a slot until a drain has added what it takes from a lane. */
  public static final int DRAINED = 7;

  /** Registers of a sum of many numbers. */
  public static final int SUM = 5;

  /** Registers from accumulator to output element, whatever the form of the requantizer. */
  public static final int REQUANTIZER = 8;

  private PipelineStages() {}
}
