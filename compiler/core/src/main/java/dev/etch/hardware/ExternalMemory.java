// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

/**
 * The memory outside of the FPGA that coded words are read from, by an AXI4 read master (Arm IHI
 * 0022, chapter A3) with bursts of {@link #BURST_BEATS} beats, and how fast it is taken to be.
 *
 * <p>It takes an address in any cycle, and gives the beats of all bursts in the order of their
 * addresses, to a master that is always ready: the first beat of a burst whose address was taken in
 * cycle t in t + {@code latency} at the soonest, each beat {@code cyclesPerBeat} cycles behind the
 * one before at the soonest, and behind every {@code refreshBeats} beats it rests for {@code
 * refreshCycles} more. A real memory's refresh follows its own clock; counted in beats, its share
 * of the time is the same, and cycles are those of the prediction whenever a frame begins. The
 * memory of the simulator is this one; data are the same for any other.
 *
 * @param dataBits of a beat: 64, 128, 256 or 512
 * @param latency in cycles, at least 1
 * @param cyclesPerBeat at least 1
 * @param refreshBeats at least 1
 * @param refreshCycles at least 0; with {@code cyclesPerBeat} at most a cycle more than the
 *     latency, so that the first burst of a frame never waits for what the one before it left
 */
public record ExternalMemory(
    int dataBits, int latency, int cyclesPerBeat, int refreshBeats, int refreshCycles) {
  /** Beats of a burst at most; one of 512 bits is within a page of 4 KiB. */
  public static final int BURST_BEATS = 16;

  /** Cycles from a beat that is taken to the address that its room is asked for, and back. */
  private static final int CYCLES_OF_READER = 8;

  /**
   * DDR3 at a tenth of its clock: 64 bits, a refresh each 7.8 µs at 100 MHz that takes 160 ns,
   * which is tRFC of 2 Gbit (JEDEC JESD79-3F, table 61), and 400 ns of latency through a
   * controller.
   */
  public static final ExternalMemory STANDARD = new ExternalMemory(64, 40, 1, 780, 16);

  private static final int LEAST_BITS = 64;
  private static final int MOST_BITS = 512;
  private static final int MOST_LATENCY = 1 << 16;

  public ExternalMemory {
    require(
        Integer.bitCount(dataBits) == 1 && dataBits >= LEAST_BITS && dataBits <= MOST_BITS,
        "dataBits are 64, 128, 256 or 512");
    require(latency >= 1 && latency <= MOST_LATENCY, "a latency is from 1 to 65536 cycles");
    require(cyclesPerBeat >= 1, "cyclesPerBeat is at least 1");
    require(refreshBeats >= 1, "refreshBeats are at least 1");
    require(refreshCycles >= 0, "refreshCycles are at least 0");
    require(
        (long) cyclesPerBeat + refreshCycles <= latency + 1,
        "cyclesPerBeat and refreshCycles together are at most a cycle more than the latency");
  }

  /** The same memory with beats of other bits. */
  public ExternalMemory withDataBits(int bits) {
    return new ExternalMemory(bits, latency, cyclesPerBeat, refreshBeats, refreshCycles);
  }

  /**
   * Beats that are read ahead for a unit: those that come in the time that a burst takes from its
   * address on, and a burst more.
   */
  public int queueBeats() {
    int ofBurst = BURST_BEATS * cyclesPerBeat;
    return BURST_BEATS * (1 + (latency + CYCLES_OF_READER + ofBurst - 1) / ofBurst);
  }

  /** Cycles that so many beats take at the least, if they come one after the other. */
  public long cycles(long beats) {
    return beats * cyclesPerBeat + beats / refreshBeats * refreshCycles;
  }

  /** Bytes of a beat. */
  public int beatBytes() {
    return dataBits / Byte.SIZE;
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new IllegalArgumentException(what);
    }
  }
}
