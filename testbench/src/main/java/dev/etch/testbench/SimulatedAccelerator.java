// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.Design;
import dev.etch.hardware.LoadMap;
import dev.etch.hardware.OutputPort;
import dev.etch.hardware.RegisterMap;
import dev.etch.testbench.SimulationException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A running simulator of an accelerator. Time passes only while a command runs; a new process holds
 * the design in reset, so call {@link #reset} first. Not for use by several threads at once.
 *
 * <p>The process speaks a binary protocol on standard input and output; all numbers are
 * little-endian, unsigned, of the given bits. It greets with {@code u32 "ETCH"}, {@code u32}
 * protocol version 1, {@code u32} bytes of an input beat, {@code u32} bytes of an output beat; or,
 * of a design with several outputs, with version 2, {@code u32} bytes of an input beat, {@code u32}
 * outputs, and of each {@code u32} bytes of a beat, {@code u32} length, name of the port. Where
 * <i>beats out</i> or an output format is an operand, or beats that came out are a result, there is
 * one for each output, in this order. Each command is a letter with its operands; the reply is
 * {@code 'A'} with results, or {@code 'E', u8} code (1 deadlock, 2 protocol, 3 usage, 4 register),
 * {@code u32} length, text.
 *
 * <pre>
 * 'R' u32 cycles                  reset: aresetn low, beats under way are forgotten    -> 'A'
 * 'S' u32 in, u32 out, u64 seed   stalls: probabilities times 2^32                     -> 'A'
 * 'N' u32 in, u32 out, u32 most, u64 seed
 *                                 the same, and each lasts so many cycles at most       -> 'A'
 * 'J' u32 threshold, u64 seed     the queues inside and the memory outside stall, so often in
 *                                 65536 cycles                                          -> 'A'
 * 'M' u32 latency, u32 cycles of a beat, u32 beats to a refresh, u32 cycles of a refresh, u64
 *     address, u32 bytes, bytes   the memory outside, and what is in it                 -> 'A'
 * 'm' u8 fails                    whether it answers with errors       -> 'A' u64 beats it gave
 * 'W' u32 address, u32 value, u64 limit   register write                 -> 'A' u32 bresp, u32
 * 'G' u32 address, u64 limit      register read                      -> 'A' u32 rresp, u32 value
 * 'H' u32 cycles, u64 limit, u32 count, u32 addresses
 *                                 register reads, whose addresses come without waiting; the answers
 *                                 are taken after so many cycles
 *                                                -> 'A' for each u32 rresp, u32 value
 * 'I' u8 last, u32 bytes, bytes   appends beats to what the source will send           -> 'A'
 * 'O' u64 beats out, u64 limit    runs until so many beats came, or limit cycles passed
 *                                              -> 'A' u64 count, beats, count times u8 tlast
 * 'c' u64 beats out, u64 limit    runs until so many beats of each output are there, which are then
 *                                 forgotten, or limit cycles passed; the sink takes whatever comes
 *                                                                -> 'A' u8 whether they are
 * 'u' u32 mask                    of the outputs, only these stall, until the next 'S' or 'N'
 *                                                                                       -> 'A'
 * 'o' u64 beats out               from now on, the sink takes so many beats whenever time passes;
 *                                 'O' gives them                                        -> 'A'
 * 'U' u64 limit                   runs until the source has sent all, sink taking all
 *                                                                -> 'A' u8 whether it has
 * 'C' u64 cycles                  runs                                                  -> 'A'
 * 'L' u32 address, u32 data, u32 response
 *                                 cycles of a register access until its address, its data and the
 *                                 readiness for its response                            -> 'A'
 * 'V' u64 beats in, u64 beats out, u32 hash, u32 input format, u32 output format, u32 loaded words,
 *     u8 buffers of them, u8 whether words are read from outside
 *     from now on, registers, interrupt and tlast are compared with a model             -> 'A'
 * 'P' u64 value, u32 length, name   sets a register of the top module, if it has one of this name
 *                                                                       -> 'A' u8 whether
 * 'Y'                             the digests of what the queues take begin             -> 'A'
 * 'E'                             the same, with the cycle of each beat                 -> 'A'
 * 'y'                             -> 'A' u32 count, for each u32 length, name, u64 beats, u64 hash
 * 'e'                             -> 'A' u32 count, for each u32 length, name, u32 beats, for each
 *                                 beat its u64 cycle, if 'E' began; then the same of the beats that
 *                                 went in; then u32 outputs, and the same of what each gave
 * 'z'                             -> 'A' u32 count, for each u32 length, name: the registers at the
 *                                 ends of arithmetic pipelines
 * 'Z' u32 count, fields to set, u32 count, fields to read, u32 cycles, for each cycle a u64 for each
 *     field to set; a field of such a register is u32 length, name, u32 lowest bit, u32 bits
 *     sets them in front of each cycle, and reads them behind it
 *                                         -> 'A' for each cycle a u64 for each field to read
 * 'D'                             the source forgets the beats that it has not sent     -> 'A'
 * 'K' u8 on                       whether output handshakes are checked                 -> 'A'
 * 'Q'                             -> 'A' u64 cycle, u64 beats in, u64 beats out, u8 interrupt
 * 'T' u64 first, u64 last, u32 length, path   waveform of these cycles to a VCD file    -> 'A'
 * 't'                             ends the waveform                                     -> 'A'
 * 'B' u64 frames, u64 beats in, u64 beats out, u64 idle limit, u64 limit, all frames' bytes
 *     for each frame 'F' u64 first input cycle, u64 last output cycle, bytes; at the end
 *                                                                       -> 'A' u64 cycles
 * 'X'                             ends the process
 * </pre>
 *
 * <p>The process checks the design's side of AXI: tvalid stays until tready, tdata and tlast are
 * stable meanwhile, tlast stands exactly at the last beat of a frame, tvalid is low in reset, and
 * responses come after their requests.
 */
public final class SimulatedAccelerator implements AutoCloseable {
  /** Cycles of a reset that reach every register, whose reset is a register itself. */
  static final int RESET_CYCLES = 4;

  private static final int GREETING = 0x48435445;
  private static final int ONE_OUTPUT = 1;
  private static final int SEVERAL_OUTPUTS = 2;
  private static final long REGISTER_LIMIT = 10_000;
  private static final long SOFT_RESET_CYCLES = 8;

  private final SimulatorProcess process;
  private final SimulatorChannel channel;
  private final DesignProbe probe;
  private final SimulatedMemory memory;
  private final int inputBeatBytes;
  private final List<Integer> outputBeatBytes = new ArrayList<>();

  /** Names of several outputs; empty if there is one. */
  private final List<String> outputNames = new ArrayList<>();

  private SimulatedAccelerator(SimulatorProcess process) {
    this.process = process;
    this.channel = process.channel();
    this.probe = new DesignProbe(process);
    this.memory = new SimulatedMemory(this, process);
    int greeting = read();
    int version = read();
    if (greeting != GREETING || version < ONE_OUTPUT || version > SEVERAL_OUTPUTS) {
      throw new SimulationException(Kind.PROCESS, "the simulator speaks another protocol");
    }
    inputBeatBytes = read();
    for (int left = version == ONE_OUTPUT ? 1 : read(); left > 0; left--) {
      outputBeatBytes.add(read());
      if (version == SEVERAL_OUTPUTS) {
        outputNames.add(process.command(channel::readText));
      }
    }
  }

  /** Checks that the simulator knows the outputs in the design's order. */
  private void requireOutputs(Design design) {
    List<String> names = design.outputs().stream().map(OutputPort::name).toList();
    if (!names.equals(outputNames.isEmpty() ? List.of(OutputPort.ONLY) : outputNames)) {
      throw new SimulationException(
          Kind.BUILD, "the simulator has the outputs " + outputNames + ", not " + names);
    }
  }

  private int read() {
    return process.command(channel::readInt);
  }

  /** Starts an executable made by {@link VerilatorBuild}. */
  public static SimulatedAccelerator start(Path executable) {
    SimulatorProcess process = SimulatorProcess.start(executable);
    try {
      return new SimulatedAccelerator(process);
    } catch (SimulationException e) {
      process.close();
      throw e;
    }
  }

  /** The same with the memory that the design reads words from, if it does. */
  static SimulatedAccelerator start(Path executable, Design design) {
    SimulatedAccelerator accelerator = start(executable);
    try {
      accelerator.requireOutputs(design);
      accelerator.memory().attach(design);
      return accelerator;
    } catch (SimulationException e) {
      accelerator.close();
      throw e;
    }
  }

  /** Beats that came out, with their tlast. */
  public record Received(byte[] beats, boolean[] last) {}

  /** Counters since the last reset; {@code cycle} since the start. */
  public record Status(long cycle, long beatsIn, long beatsOut, boolean interrupt) {}

  /** Bytes of an input beat. */
  public int inputBeatBytes() {
    return inputBeatBytes;
  }

  /** Bytes of a beat of a design's only output. */
  public int outputBeatBytes() {
    return outputBeatBytes.get(only());
  }

  private int only() {
    if (outputBeatBytes.size() != 1) {
      throw new IllegalStateException(outputBeatBytes.size() + " outputs");
    }
    return 0;
  }

  /** Holds aresetn low for some cycles; all beats under way are forgotten. */
  public void reset(int cycles) {
    process.command(
        () -> {
          channel.writeByte('R');
          channel.writeInt(cycles);
          return process.acknowledged();
        });
  }

  /**
   * Resets by aresetn and lets the core run: what a host does first.
   *
   * @throws SimulationException if the control register does not answer OKAY
   */
  public void restart(int cycles) {
    reset(cycles);
    if (memory.isAttached()) {
      memory.read();
    }
    control(RegisterMap.CONTROL.field("run").mask());
  }

  /**
   * Resets the core through the control register, as a driver does, while beats may be under way in
   * the core; the source forgets what it has not sent, and the sink must be idle.
   */
  public void softReset() {
    softReset(RegisterMap.CONTROL.field("run").mask());
  }

  /** As {@link #softReset()}, with other bits of the control register. */
  void softReset(int control) {
    checking(false);
    process.command(
        () -> {
          channel.writeByte('D');
          return process.acknowledged();
        });
    control(control | RegisterMap.CONTROL.field("softReset").mask());
    run(SOFT_RESET_CYCLES);
    checking(true);
  }

  private void control(int value) {
    int response = writeRegister(RegisterMap.CONTROL.offset(), value);
    if (response != 0) {
      throw new SimulationException(
          Kind.PROTOCOL, "writing the control register answered with response " + response);
    }
  }

  /** How the host side, and the queues inside, stall from now on. */
  public void stalls(Stalls stalls) {
    process.command(
        () -> {
          channel.writeByte('N');
          channel.writeInt(fraction(stalls.input()));
          channel.writeInt(fraction(stalls.output()));
          channel.writeInt(stalls.burst());
          channel.writeLong(stalls.seed());
          return process.acknowledged();
        });
    stalls
        .only()
        .ifPresent(
            output ->
                process.command(
                    () -> {
                      channel.writeByte('u');
                      channel.writeInt(1 << output);
                      return process.acknowledged();
                    }));
    process.command(
        () -> {
          channel.writeByte('J');
          channel.writeInt(fraction(stalls.inside()) >>> Short.SIZE);
          channel.writeLong(stalls.seed());
          return process.acknowledged();
        });
  }

  private static int fraction(double probability) {
    return (int) (long) Math.min(0xffff_ffffL, Math.round(probability * 0x1p32));
  }

  /**
   * Writes a register over AXI4-Lite.
   *
   * @return the response: 0 OKAY, 2 SLVERR, 3 DECERR
   */
  public int writeRegister(int address, int value) {
    return process.command(
        () -> {
          channel.writeByte('W');
          channel.writeInt(address);
          channel.writeInt(value);
          channel.writeLong(REGISTER_LIMIT);
          process.acknowledged();
          int response = channel.readInt();
          channel.readInt();
          return response;
        });
  }

  /**
   * Reads a register over AXI4-Lite.
   *
   * @throws SimulationException if the response is not OKAY, or none comes
   */
  public int readRegister(int address) {
    RegisterRead read = tryRegister(address);
    if (read.response() != 0) {
      throw new SimulationException(
          Kind.PROTOCOL, "register read answered with response " + read.response());
    }
    return read.value();
  }

  /**
   * Answer to a register read.
   *
   * @param response 0 OKAY, 2 SLVERR, 3 DECERR
   * @param value read
   */
  public record RegisterRead(int response, int value) {}

  /** Reads a register, or what may not be one, over AXI4-Lite. */
  public RegisterRead tryRegister(int address) {
    return process.command(
        () -> {
          channel.writeByte('G');
          channel.writeInt(address);
          channel.writeLong(REGISTER_LIMIT);
          process.acknowledged();
          return new RegisterRead(channel.readInt(), channel.readInt());
        });
  }

  /**
   * Reads registers whose addresses come one after another without waiting for the answers, as
   * AXI4-Lite allows.
   *
   * @param hold cycles until the first answer is taken
   * @return the answers, in the order of the addresses
   */
  public List<RegisterRead> tryRegisters(List<Integer> addresses, int hold) {
    return process.command(
        () -> {
          channel.writeByte('H');
          channel.writeInt(hold);
          channel.writeLong(REGISTER_LIMIT);
          channel.writeInt(addresses.size());
          for (int address : addresses) {
            channel.writeInt(address);
          }
          process.acknowledged();
          List<RegisterRead> answers = new ArrayList<>();
          for (int i = 0; i < addresses.size(); i++) {
            answers.add(new RegisterRead(channel.readInt(), channel.readInt()));
          }
          return answers;
        });
  }

  /**
   * From now on, each register access raises the valid of its address, the valid of its data and
   * the ready for its response so many cycles after it begins; 0 at the start.
   */
  public void registerDelays(int address, int data, int response) {
    process.command(
        () -> {
          channel.writeByte('L');
          channel.writeInt(address);
          channel.writeInt(data);
          channel.writeInt(response);
          return process.acknowledged();
        });
  }

  /**
   * From now on, every answer of a register, the interrupt line and tlast are compared with a model
   * of {@link RegisterMap} that knows only what happened at the pins. To be called before the first
   * reset.
   */
  public void checkRegisters(Design design, int designHash) {
    process.command(
        () -> {
          channel.writeByte('V');
          channel.writeLong(design.input().beatsPerFrame());
          for (OutputPort output : design.outputs()) {
            channel.writeLong(output.stream().beatsPerFrame());
          }
          channel.writeInt(designHash);
          channel.writeInt(RegisterMap.format(design.input().type()));
          for (OutputPort output : design.outputs()) {
            channel.writeInt(RegisterMap.format(output.stream().type()));
          }
          channel.writeInt(LoadMap.of(design).words());
          channel.writeByte(design.buffers());
          channel.writeByte(design.memory().isPresent() ? 1 : 0);
          return process.acknowledged();
        });
  }

  /** Appends whole beats to what the source sends when time passes; returns at once. */
  public void send(byte[] beats, boolean last) {
    process.command(
        () -> {
          channel.writeByte('I');
          channel.writeByte(last ? 1 : 0);
          channel.writeInt(beats.length);
          channel.writeBytes(beats);
          return process.acknowledged();
        });
  }

  /**
   * Runs until {@code beats} beats of the design's only output came or the cycles are over; gives
   * what came.
   */
  public Received receive(long beats, long maximumCycles) {
    return receive(List.of(beats), maximumCycles).get(only());
  }

  /**
   * Runs until so many beats of each output came or the cycles are over; gives what came. Of an
   * output that has given them, no more are taken.
   */
  public List<Received> receive(List<Long> beats, long maximumCycles) {
    return process.command(
        () -> {
          channel.writeByte('O');
          writeBeats(beats);
          channel.writeLong(maximumCycles);
          process.acknowledged();
          List<Received> received = new ArrayList<>();
          for (int beatBytes : outputBeatBytes) {
            received.add(readReceived(beatBytes));
          }
          return received;
        });
  }

  private Received readReceived(int beatBytes) throws IOException {
    int count = Math.toIntExact(channel.readLong());
    byte[] data = channel.readBytes(Math.multiplyExact(count, beatBytes));
    boolean[] last = new boolean[count];
    for (int i = 0; i < count; i++) {
      last[i] = channel.readByte() != 0;
    }
    return new Received(data, last);
  }

  /**
   * Runs until so many beats of each output are there, which are then forgotten, or the cycles are
   * over; whatever comes is taken meanwhile.
   *
   * @return whether they are there
   */
  boolean collect(List<Long> beats, long maximumCycles) {
    return process.command(
        () -> {
          channel.writeByte('c');
          writeBeats(beats);
          channel.writeLong(maximumCycles);
          process.acknowledged();
          return channel.readByte() != 0;
        });
  }

  /** Whether an output gives a beat within so many cycles. */
  boolean comes(long cycles) {
    return receive(Collections.nCopies(outputBeatBytes.size(), 1L), cycles).stream()
        .anyMatch(received -> received.last().length > 0);
  }

  private void writeBeats(List<Long> beats) throws IOException {
    if (beats.size() != outputBeatBytes.size()) {
      throw new IllegalArgumentException("beats of each of " + outputBeatBytes.size() + " outputs");
    }
    for (long count : beats) {
      channel.writeLong(count);
    }
  }

  /**
   * From now on, the sink takes so many beats of each output whenever time passes, as it does while
   * registers are accessed; {@link #receive} gives them, and ends this.
   */
  public void take(long beats) {
    process.command(
        () -> {
          channel.writeByte('o');
          writeBeats(Collections.nCopies(outputBeatBytes.size(), beats));
          return process.acknowledged();
        });
  }

  /**
   * Runs until every beat sent was taken, or the cycles are over; the sink takes whatever comes.
   *
   * @return whether every beat was taken
   */
  public boolean flush(long maximumCycles) {
    return process.command(
        () -> {
          channel.writeByte('U');
          channel.writeLong(maximumCycles);
          process.acknowledged();
          return channel.readByte() != 0;
        });
  }

  /** Lets time pass. */
  public void run(long cycles) {
    process.command(
        () -> {
          channel.writeByte('C');
          channel.writeLong(cycles);
          return process.acknowledged();
        });
  }

  /** Whether the output handshake is checked; switch off around a soft reset. */
  public void checking(boolean on) {
    process.command(
        () -> {
          channel.writeByte('K');
          channel.writeByte(on ? 1 : 0);
          return process.acknowledged();
        });
  }

  /** Counters and the interrupt line. */
  public Status status() {
    return process.command(
        () -> {
          channel.writeByte('Q');
          process.acknowledged();
          return new Status(
              channel.readLong(), channel.readLong(), channel.readLong(), channel.readByte() != 0);
        });
  }

  /** The present cycle, or -1 if the process is over. */
  long cycleOrNone() {
    try {
      return process.isAlive() ? status().cycle() : -1;
    } catch (SimulationException e) {
      return -1;
    }
  }

  /** Writes a waveform of the cycles first to last; only with a simulator built for tracing. */
  public void trace(Path file, long first, long last) {
    process.command(
        () -> {
          channel.writeByte('T');
          channel.writeLong(first);
          channel.writeLong(last);
          channel.writeText(file.toAbsolutePath().toString());
          return process.acknowledged();
        });
  }

  /** Ends the waveform. */
  public void endTrace() {
    process.command(
        () -> {
          channel.writeByte('t');
          return process.acknowledged();
        });
  }

  /** Told of each frame as soon as it is out. */
  public interface FrameListener {
    /** Frame {@code index} of the run. */
    void frame(int index, FrameResult result);
  }

  /**
   * Feeds frames back to back and takes what comes out.
   *
   * @param count how many
   * @param frame bytes of the input beats of frame i, all of one length; called in order, from
   *     another thread
   * @param outputBeats beats of a frame of each output
   * @return cycles that passed
   * @throws SimulationException on a deadlock or a broken rule of AXI; the process is then over
   */
  public long runFrames(
      int count,
      IntFunction<byte[]> frame,
      List<Integer> outputBeats,
      Limits limits,
      FrameListener to) {
    if (count == 0) {
      return 0;
    }
    byte[] first = frame.apply(0);
    FrameFeeder feeder =
        new FrameFeeder(channel, count, i -> i == 0 ? first : frame.apply(i), first.length);
    return process.command(
        () -> {
          channel.writeByte('B');
          channel.writeLong(count);
          channel.writeLong(first.length / inputBeatBytes);
          writeBeats(outputBeats.stream().map(Integer::longValue).toList());
          channel.writeLong(limits.idleCycles());
          channel.writeLong(limits.totalCycles());
          feeder.start();
          try {
            return collect(outputBeats, to, feeder);
          } catch (SimulationException e) {
            process.destroy();
            throw e;
          }
        });
  }

  private long collect(List<Integer> outputBeats, FrameListener to, FrameFeeder feeder)
      throws IOException {
    for (int index = 0; ; index++) {
      int tag;
      try {
        tag = channel.readByte();
      } catch (IOException e) {
        feeder.throwIfFailed();
        throw e;
      }
      if (tag == 'F') {
        long start = channel.readLong();
        long end = channel.readLong();
        List<byte[]> outputs = new ArrayList<>();
        for (int output = 0; output < outputBeats.size(); output++) {
          int beatBytes = outputBeatBytes.get(output);
          outputs.add(channel.readBytes(Math.multiplyExact(outputBeats.get(output), beatBytes)));
        }
        to.frame(index, new FrameResult(outputs, start, end));
      } else if (tag == 'A') {
        feeder.finish();
        return channel.readLong();
      } else {
        throw process.failure(tag);
      }
    }
  }

  /** All frames of a list, of a design with one output. */
  public List<FrameResult> runFrames(List<byte[]> frames, int outputBeats, Limits limits) {
    return runFrames(frames, List.of(outputBeats), limits);
  }

  /**
   * All frames of a list; see {@link #runFrames(int, IntFunction, List, Limits, FrameListener)}.
   */
  public List<FrameResult> runFrames(
      List<byte[]> frames, List<Integer> outputBeats, Limits limits) {
    List<FrameResult> results = new ArrayList<>();
    runFrames(frames.size(), frames::get, outputBeats, limits, (i, r) -> results.add(r));
    return results;
  }

  /** What a test may see of the design beside its pins. */
  public DesignProbe probe() {
    return probe;
  }

  /** The memory outside, if it reads words from one. */
  public SimulatedMemory memory() {
    return memory;
  }

  /** Ends the process. */
  @Override
  public void close() {
    process.close();
  }
}
