// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.tensor.IntegerType;
import java.util.List;

/**
 * The numbers that a window unit's area depends on.
 *
 * @param operation of the lanes
 * @param element of the input
 * @param beatElements of the input
 * @param bufferWords of each copy or bank of the circular memory
 * @param banks that lanes of a port choose from, 1 if there are none
 * @param accumulator type of every sum
 * @param result type of the output
 * @param steps a pixel
 * @param clusters of lanes
 * @param outputsPerCluster outputs of a pixel that each cluster makes
 * @param lanes of all clusters
 * @param accumulating lanes whose parts have more than one step
 * @param products multipliers; a factor that is always the same power of two is none
 * @param weightBits of the widest factor of a multiplier
 * @param ports copies of the circular memory, or banks
 * @param storedElements elements of a beat that each copy stores
 * @param feeds operands that are read from the ports' beats
 * @param choices elements that the feeds choose from, together; 1 for a feed without a choice
 * @param addresses whether a port's address differs from step to step
 * @param bases that are added to addresses: ports a distance apart share a column
 * @param schedule its memories, one a stage
 * @param splits whether an output may come in several parts
 * @param drainGroups clusters that drain in step count once
 * @param reorderPixels pixels in the reorder memory
 */
record WindowShape(
    Operation operation,
    IntegerType element,
    int beatElements,
    int bufferWords,
    int banks,
    IntegerType accumulator,
    IntegerType result,
    int steps,
    int clusters,
    int outputsPerCluster,
    int lanes,
    int accumulating,
    int products,
    int weightBits,
    int ports,
    List<Integer> storedElements,
    int feeds,
    int choices,
    boolean addresses,
    int bases,
    List<ScheduleMemory> schedule,
    boolean splits,
    int drainGroups,
    int reorderPixels) {

  /** The same with so many steps, in which all ports follow one sequence of addresses. */
  WindowShape withZeros(int all) {
    return new WindowShape(
        operation,
        element,
        beatElements,
        bufferWords,
        banks,
        accumulator,
        result,
        all,
        clusters,
        outputsPerCluster,
        lanes,
        accumulating,
        products,
        weightBits,
        ports,
        storedElements,
        feeds,
        choices,
        addresses,
        bases,
        schedule.stream().map(memory -> memory.ofOneSequence(ports)).toList(),
        splits,
        drainGroups,
        reorderPixels);
  }

  /** Bits of accumulators and holding registers, which are signed. */
  int valueBits() {
    return accumulator.bits() + (accumulator.signed() ? 0 : 1);
  }

  /** Bits of an operand, which is signed. */
  int operandBits() {
    return element.bits() + (element.signed() ? 0 : 1);
  }

  /** Bits of an address of the circular memory. */
  int addressBits() {
    return Math.max(1, Fabric.bits(bufferWords));
  }

  /** Bits that count a cluster's outputs. */
  int outputBits() {
    return Fabric.bits(outputsPerCluster);
  }
}
