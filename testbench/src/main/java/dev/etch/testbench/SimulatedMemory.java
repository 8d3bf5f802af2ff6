// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.Design;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.MemoryMap;
import dev.etch.hardware.RegisterMap;

/** The memory outside of a simulated accelerator that reads words from one. */
public final class SimulatedMemory {
  /** Above 4 GiB, and no power of two: all of its halves matter. */
  private static final long ADDRESS = 0x3_6ABC_D000L;

  private static final int MOST_POLLS = 1 << 20;

  private final SimulatedAccelerator accelerator;
  private final SimulatorProcess process;
  private final SimulatorChannel channel;
  private boolean attached;

  SimulatedMemory(SimulatedAccelerator accelerator, SimulatorProcess process) {
    this.accelerator = accelerator;
    this.process = process;
    this.channel = process.channel();
  }

  /** Gives a design its words, as fast as it takes the memory to be, if it reads any. */
  public void attach(Design design) {
    MemoryMap.of(design).ifPresent(map -> attach(map.memory(), map.image()));
  }

  /**
   * Gives the design a memory that holds these bytes; from the next {@link
   * SimulatedAccelerator#restart} on it reads them.
   */
  public void attach(ExternalMemory memory, byte[] image) {
    attached = true;
    process.command(
        () -> {
          channel.writeByte('M');
          channel.writeInt(memory.latency());
          channel.writeInt(memory.cyclesPerBeat());
          channel.writeInt(memory.refreshBeats());
          channel.writeInt(memory.refreshCycles());
          channel.writeLong(ADDRESS);
          channel.writeInt(image.length);
          channel.writeBytes(image);
          return process.acknowledged();
        });
  }

  /** Whether the design has one. */
  boolean isAttached() {
    return attached;
  }

  /** Has the design read its words: what a host does while nothing is read. */
  public void read() {
    accelerator.writeRegister(RegisterMap.MEMORY_ADDRESS_LOW.offset(), (int) ADDRESS);
    accelerator.writeRegister(
        RegisterMap.MEMORY_ADDRESS_HIGH.offset(), (int) (ADDRESS >>> Integer.SIZE));
    accelerator.writeRegister(
        RegisterMap.MEMORY_CONTROL.offset(), RegisterMap.MEMORY_CONTROL.field("enable").mask());
  }

  /** Waits until nothing is read any more: the words may change then. */
  public void stop() {
    accelerator.writeRegister(RegisterMap.MEMORY_CONTROL.offset(), 0);
    int idle = RegisterMap.MEMORY_STATUS.field("idle").mask();
    for (int i = 0;
        (accelerator.readRegister(RegisterMap.MEMORY_STATUS.offset()) & idle) == 0;
        i++) {
      if (i == MOST_POLLS) {
        throw new SimulationException(
            SimulationException.Kind.REGISTER, "reads of words do not end");
      }
    }
  }

  /**
   * Whether it answers with errors from now on.
   *
   * @return beats that it has given since the start
   */
  public long fail(boolean fails) {
    return process.command(
        () -> {
          channel.writeByte('m');
          channel.writeByte(fails ? 1 : 0);
          process.acknowledged();
          return channel.readLong();
        });
  }
}
