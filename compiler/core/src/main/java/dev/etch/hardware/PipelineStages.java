// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

/**
 * How many registers lie between the parts of a unit. Generator, cycle model and area estimate read
 * the same numbers, so a stage that is added is added everywhere.
 */
public final class PipelineStages {
  /** From a slot of a schedule until the entry of a memory port's address is there. */
  public static final int ADDRESS = 2;

  /** From a slot until the address, with the pixel's base added, stands in front of a port. */
  public static final int READ = ADDRESS + 1;

  /** From a slot until the beat that was read is there, and which of its elements is wanted. */
  public static final int BEAT = READ + 2;

  /** From a slot until an operand and its weight are there, and whether the step counts. */
  public static final int OPERAND = BEAT + 1;

  /** From a slot until operand and weight stand in front of the lane's multiplier. */
  public static final int FACTOR = OPERAND + 1;

  /** From a slot until a lane's product is there. */
  public static final int PRODUCT = FACTOR + 1;

  /** From a slot until a lane's accumulator has added the product. */
  public static final int ACCUMULATED = PRODUCT + 1;

  /** From a slot until the holding register has taken a part that ends. */
  public static final int HELD = ACCUMULATED + 1;

  /** From a slot until what its drain does is there. A drain may follow a part's last step. */
  public static final int DRAIN = HELD - 1;

  /** From a slot until a drain has added what it takes from a lane. */
  public static final int DRAINED = DRAIN + 2;

  /**
   * From the cycle in which a window's writer takes a beat until its memories are written: not
   * before the last step of a pixel that was released then has read the same place.
   */
  public static final int WRITTEN = READ;

  /** Registers of a sum of many numbers. */
  public static final int SUM = 5;

  /** Registers from accumulator to output element, whatever the form of the requantizer. */
  public static final int REQUANTIZER = 8;

  private PipelineStages() {}
}
