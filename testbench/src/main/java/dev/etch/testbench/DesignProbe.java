// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks into the design that a simulator runs, as a debugger would: registers and queues. */
public final class DesignProbe {
  private final SimulatorProcess process;
  private final SimulatorChannel channel;

  DesignProbe(SimulatorProcess process) {
    this.process = process;
    this.channel = process.channel();
  }

  /**
   * Sets a register of the top module between two cycles, as a debugger would: a test reaches what
   * takes a counter years.
   *
   * @return whether the top module has a register of this name that may be set
   */
  public boolean deposit(String register, long value) {
    return process.command(
        () -> {
          channel.writeByte('P');
          channel.writeLong(value);
          channel.writeText(register);
          process.acknowledged();
          return channel.readByte() != 0;
        });
  }

  /** From now on, the beats that each queue of the design takes are counted and hashed. */
  public void observeQueues() {
    observe('Y');
  }

  /** The same, and the cycle of each beat is kept: for a few frames. */
  void observeQueueTimes() {
    observe('E');
  }

  private void observe(char command) {
    process.command(
        () -> {
          channel.writeByte(command);
          return process.acknowledged();
        });
  }

  /**
   * The cycles of beats.
   *
   * @param given by the host
   * @param taken by each queue that Verilator kept apart, by the name of its stream
   * @param left through each output port
   */
  record BeatCycles(long[] given, Map<String, long[]> taken, List<long[]> left) {
    /** The cycle of the first beat that the host gave. */
    long begin() {
      return given[0];
    }

    /** Counted from a cycle on. */
    BeatCycles since(long begin) {
      Map<String, long[]> later = new TreeMap<>();
      taken.forEach((name, cycles) -> later.put(name, since(begin, cycles)));
      return new BeatCycles(
          since(begin, given), later, left.stream().map(cycles -> since(begin, cycles)).toList());
    }

    private static long[] since(long begin, long[] cycles) {
      return Arrays.stream(cycles).map(cycle -> cycle - begin).toArray();
    }
  }

  /** The cycles of beats since they are observed. */
  BeatCycles beatCycles() {
    return process.command(
        () -> {
          channel.writeByte('e');
          process.acknowledged();
          Map<String, long[]> times = new TreeMap<>();
          for (int left = channel.readInt(); left > 0; left--) {
            String name = channel.readText();
            times.put(name, readLongs());
          }
          long[] given = readLongs();
          List<long[]> left = new ArrayList<>();
          for (int outputs = channel.readInt(); outputs > 0; outputs--) {
            left.add(readLongs());
          }
          return new BeatCycles(given, times, left);
        });
  }

  private long[] readLongs() throws IOException {
    long[] numbers = new long[channel.readInt()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = channel.readLong();
    }
    return numbers;
  }

  /** What each queue took, by the name of its stream; those that Verilator kept apart. */
  Map<String, QueueDigest> queueDigests() {
    return process.command(
        () -> {
          channel.writeByte('y');
          process.acknowledged();
          Map<String, QueueDigest> digests = new TreeMap<>();
          for (int left = channel.readInt(); left > 0; left--) {
            String name = channel.readText();
            digests.put(name, new QueueDigest(channel.readLong(), channel.readLong()));
          }
          return digests;
        });
  }

  /** Names of the registers that {@link #sweep} can set and read, if Verilator kept them. */
  Set<String> arithmeticRegisters() {
    return process.command(
        () -> {
          channel.writeByte('z');
          process.acknowledged();
          Set<String> names = new TreeSet<>();
          for (int left = channel.readInt(); left > 0; left--) {
            names.add(channel.readText());
          }
          return names;
        });
  }

  /**
   * Sets registers in front of each cycle, and reads others behind it.
   *
   * @param set for fields of {@link #arithmeticRegisters} a value each cycle
   * @param read such fields
   * @return for each of these a value each cycle
   */
  List<long[]> sweep(
      Map<ArithmeticSweep.Field, long[]> set, List<ArithmeticSweep.Field> read, int cycles) {
    return process.command(
        () -> {
          channel.writeByte('Z');
          writeFields(List.copyOf(set.keySet()));
          writeFields(read);
          channel.writeInt(cycles);
          for (int cycle = 0; cycle < cycles; cycle++) {
            for (long[] values : set.values()) {
              channel.writeLong(values[cycle]);
            }
          }
          process.acknowledged();
          List<long[]> results = new ArrayList<>();
          read.forEach(name -> results.add(new long[cycles]));
          for (int cycle = 0; cycle < cycles; cycle++) {
            for (long[] result : results) {
              result[cycle] = channel.readLong();
            }
          }
          return results;
        });
  }

  private void writeFields(List<ArithmeticSweep.Field> fields) throws IOException {
    channel.writeInt(fields.size());
    for (ArithmeticSweep.Field field : fields) {
      channel.writeText(field.path());
      channel.writeInt(field.low());
      channel.writeInt(field.bits());
    }
  }
}
