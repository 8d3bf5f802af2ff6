// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.RegisterMap;
import dev.etch.testbench.SimulationException.Kind;

/**
 * Stops and starts the reading of words from outside, as a host does that changes them, and has the
 * memory answer with errors. What the design answers afterwards is compared by the caller.
 */
final class MemoryCheck {
  private static final int QUIET_CYCLES = 40;
  private static final int MOST_POLLS = 1 << 20;

  private final SimulatedAccelerator core;
  private final Runnable readAll;

  /**
   * A check.
   *
   * @param readAll reads every register
   */
  MemoryCheck(SimulatedAccelerator core, Runnable readAll) {
    this.core = core;
    this.readAll = readAll;
  }

  /** Behind a reset, before the first frame; words are read at its end. */
  void run() {
    require(status("idle") && !status("ready"), "words are read that nobody asked for");
    core.memory().read();
    awaits("ready");
    require(!status("idle"), "nothing is said to be read while words are");
    stop();
    require(!status("ready"), "words are said to be there though none are read");
    core.memory().fail(true);
    core.memory().read();
    awaits("error");
    stop();
    require(!status("error"), "an error outlives the reading");
    core.memory().fail(false);
    core.memory().read();
    awaits("ready");
    require(!status("error"), "an error that the memory did not answer with");
    readAll.run();
  }

  /** A frame that waits while no words are read. The caller takes it afterwards. */
  void holds(byte[] frame) {
    stop();
    readAll.run();
    long before = core.status().beatsIn();
    core.send(frame, true);
    core.run(QUIET_CYCLES);
    require(core.status().beatsIn() == before, "a frame begins while no words are read");
    readAll.run();
    core.memory().read();
  }

  private void stop() {
    core.memory().stop();
  }

  private void awaits(String field) {
    for (int i = 0; !status(field); i++) {
      require(i < MOST_POLLS, "the memory is never " + field);
    }
  }

  private boolean status(String field) {
    int value = core.readRegister(RegisterMap.MEMORY_STATUS.offset());
    return (value & RegisterMap.MEMORY_STATUS.field(field).mask()) != 0;
  }

  private void require(boolean condition, String fault) {
    if (!condition) {
      throw new SimulationException(Kind.REGISTER, fault + ", in cycle " + core.status().cycle());
    }
  }
}
