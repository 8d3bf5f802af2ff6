// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.testbench;

import dev.etch.hardware.Design;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.MemoryMap;
import dev.etch.hardware.OutputPort;
import dev.etch.hardware.RegisterMap;
import dev.etch.hardware.RegisterMap.Register;
import dev.etch.hardware.Stream;
import dev.etch.templates.GeneratedFiles;
import dev.etch.templates.SafeText;
import dev.etch.templates.SafeText.HardwareName;
import dev.etch.templates.SafeText.Hexadecimal;
import dev.etch.templates.Templates;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A self-checking testbench in Verilog-2001 with a script that runs it on Icarus Verilog. It reads
 * {@code input.hex} and, of each output, {@code expected.hex}, {@code expected_1.hex} ... beside it
 * (one beat a line in hexadecimal) and the Verilog in {@code ../rtl}.
 */
public final class IcarusTestbench {
  private static final int LEAST_IDLE_LIMIT = 20_000;

  /** Cycles of a frame from which on Icarus Verilog needs long for each reset. */
  private static final long LONG_FRAME = 2_000;

  private static final int MANY_RESETS = 8;
  private static final int FEW_RESETS = 2;
  private static final int MOST_SPAN = 100_000;

  /** Frames at whose beats the testbench looks inside. */
  private static final int MOST_TIMED = 4;

  /** Pauses of a slow source, in per cent of the cycles. */
  private static final int LEAST_SLOW = 50;

  private static final int MOST_SLOW = 99;

  private IcarusTestbench() {}

  /** Variables of the testbench. */
  public record Variables(
      HardwareName top,
      HardwareName output,
      List<OtherOutput> others,
      int inputBits,
      int outputBits,
      int inputBeats,
      int outputBeats,
      int frames,
      int idleLimit,
      long latency,
      int resets,
      int span,
      Hexadecimal designHash,
      List<Constant> constants,
      List<Hexadecimal> knownOffsets,
      Hexadecimal controlOffset,
      List<Hexadecimal> otherSettings,
      Hexadecimal runMask,
      Hexadecimal resetMask,
      Hexadecimal enableMask,
      Hexadecimal statusOffset,
      Hexadecimal errorOffset,
      Hexadecimal pendingOffset,
      Hexadecimal framesInOffset,
      Hexadecimal framesOutOffset,
      Hexadecimal inputBeatsOffset,
      Hexadecimal outputBeatsOffset,
      Hexadecimal cyclesLowOffset,
      Hexadecimal cyclesHighOffset,
      Hexadecimal lastFrameOffset,
      Hexadecimal latencyOffset,
      List<HardwareName> queues,
      int timed,
      int slow,
      List<QueueTimes> times,
      Hexadecimal hashOffset,
      Hexadecimal hashPrime,
      int sweepRows,
      int sweepBits,
      List<SweptRegister> set,
      List<SweptRegister> results,
      Memory memory) {}

  /**
   * An output besides the first.
   *
   * @param number counted from 1
   * @param port prefix of its pins
   * @param bits of TDATA
   * @param beats of a frame
   * @param beatsOffset of the register that counts them
   */
  public record OtherOutput(
      int number, HardwareName port, int bits, int beats, Hexadecimal beatsOffset) {}

  /**
   * A register of a unit, and its bits in the rows of {@code sweep.hex}. Above those of a result is
   * one more, which says whether there is one.
   *
   * @param unit name of the unit's instance
   * @param low the lowest of its bits
   * @param high the highest
   */
  public record SweptRegister(HardwareName unit, HardwareName register, int low, int high) {
    /** Of bits of a row. */
    public static SweptRegister of(String unit, String register, int low, int bits) {
      return new SweptRegister(
          SafeText.hardwareName(unit), SafeText.hardwareName(register), low, low + bits - 1);
    }

    /** The bit above. */
    public int valid() {
      return high + 1;
    }
  }

  /**
   * What the arithmetic pipelines are given on their own, a row a cycle.
   *
   * @param rows of the file; nothing is given if there are none
   * @param bits of a row
   * @param set registers that are set
   * @param results registers that are read
   */
  public record Sweep(int rows, int bits, List<SweptRegister> set, List<SweptRegister> results) {
    /** Of a design that has nothing to sweep. */
    public static final Sweep NONE = new Sweep(0, 0, List.of(), List.of());
  }

  /**
   * The memory outside; all numbers but the offsets are 0 if nothing is read from it.
   *
   * @param beats that {@code memory.hex} has
   * @param size of a beat, as AXI says it
   */
  public record Memory(
      int dataBits,
      int beats,
      int beatBytes,
      int size,
      int latency,
      int cyclesPerBeat,
      int refreshBeats,
      int refreshCycles,
      Hexadecimal controlOffset,
      Hexadecimal statusOffset,
      Hexadecimal lowOffset,
      Hexadecimal highOffset) {

    /** That of a design. */
    static Memory of(Design design) {
      return MemoryMap.of(design)
          .map(map -> of(map.memory(), map.beats()))
          .orElseGet(() -> of(0, 0, 0, 0, 0, 0, 0, 0));
    }

    private static Memory of(ExternalMemory memory, int beats) {
      return of(
          memory.dataBits(),
          beats,
          memory.beatBytes(),
          Integer.numberOfTrailingZeros(memory.beatBytes()),
          memory.latency(),
          memory.cyclesPerBeat(),
          memory.refreshBeats(),
          memory.refreshCycles());
    }

    private static Memory of(
        int bits, int beats, int bytes, int size, int latency, int cycles, int until, int refresh) {
      return new Memory(
          bits,
          beats,
          bytes,
          size,
          latency,
          cycles,
          until,
          refresh,
          offset(RegisterMap.MEMORY_CONTROL),
          offset(RegisterMap.MEMORY_STATUS),
          offset(RegisterMap.MEMORY_ADDRESS_LOW),
          offset(RegisterMap.MEMORY_ADDRESS_HIGH));
    }

    /** Whether words are read from it. */
    public boolean isRead() {
      return dataBits > 0;
    }
  }

  /** A register that never changes. */
  public record Constant(Hexadecimal offset, Hexadecimal value) {}

  /** Variables of the script. */
  public record ScriptVariables(HardwareName top) {}

  /**
   * The testbench and {@code run.sh}.
   *
   * @param design under test
   * @param designHash what its register reads
   * @param frames in the vector files, at least 1
   * @param cyclesPerFrame predicted; if nothing moves for four times as long, the test fails
   * @param latencyCycles predicted for a frame alone; if empty, neither this nor the cycles of
   *     beats inside are checked
   * @param sweep what the arithmetic pipelines are given
   */
  public static GeneratedFiles generate(
      Design design,
      int designHash,
      int frames,
      long cyclesPerFrame,
      OptionalLong latencyCycles,
      Sweep sweep) {
    if (frames < 1) {
      throw new IllegalArgumentException("a testbench needs at least one frame");
    }
    int run = RegisterMap.CONTROL.field("run").mask();
    int timed = Math.min(MOST_TIMED, frames);
    HardwareName top = SafeText.hardwareName(design.name());
    Variables variables =
        new Variables(
            top,
            SafeText.hardwareName(design.outputs().get(0).name()),
            others(design),
            beatBits(design.input()),
            beatBits(design.outputs().get(0).stream()),
            design.input().beatsPerFrame(),
            design.outputs().get(0).stream().beatsPerFrame(),
            frames,
            (int) Math.min(Integer.MAX_VALUE, Math.max(LEAST_IDLE_LIMIT, 4 * cyclesPerFrame)),
            latencyCycles.orElse(0),
            cyclesPerFrame > LONG_FRAME ? FEW_RESETS : MANY_RESETS,
            (int) Math.min(MOST_SPAN, design.input().beatsPerFrame() + cyclesPerFrame),
            SafeText.hexadecimal(designHash),
            constants(design, designHash),
            RegisterMap.of(design).stream().map(IcarusTestbench::offset).toList(),
            offset(RegisterMap.CONTROL),
            otherSettings(design),
            SafeText.hexadecimal(run),
            SafeText.hexadecimal(run | RegisterMap.CONTROL.field("softReset").mask()),
            SafeText.hexadecimal(run | RegisterMap.CONTROL.field("interruptEnable").mask()),
            offset(RegisterMap.STATUS),
            offset(RegisterMap.ERROR),
            offset(RegisterMap.INTERRUPT_PENDING),
            offset(RegisterMap.FRAMES_IN),
            offset(RegisterMap.FRAMES_OUT),
            offset(RegisterMap.INPUT_BEATS),
            offset(RegisterMap.OUTPUT_BEATS),
            offset(RegisterMap.CYCLES_LOW),
            offset(RegisterMap.CYCLES_HIGH),
            offset(RegisterMap.LAST_FRAME_CYCLES),
            offset(RegisterMap.LATENCY_CYCLES),
            queues(design),
            timed,
            slow(design, cyclesPerFrame),
            latencyCycles.isPresent() ? QueueTimes.of(design, timed) : List.of(),
            SafeText.hexadecimal(QueueTimes.OFFSET),
            SafeText.hexadecimal(QueueTimes.PRIME),
            sweep.rows(),
            sweep.bits(),
            sweep.set(),
            sweep.results(),
            Memory.of(design));
    return new GeneratedFiles.Builder()
        .add("tb_" + top + ".v", Templates.render("testbench/testbench.v.vm", variables))
        .add("run.sh", Templates.render("testbench/run.sh.vm", new ScriptVariables(top)))
        .build();
  }

  /**
   * Per cent of cycles in which a source pauses whose frames take twice as long as the design's.
   */
  private static int slow(Design design, long cyclesPerFrame) {
    double busy = design.input().beatsPerFrame() / (2.0 * cyclesPerFrame);
    return (int) Math.max(LEAST_SLOW, Math.min(MOST_SLOW, Math.round(100 * (1 - busy))));
  }

  /** Names of the instances of queues. */
  private static List<HardwareName> queues(Design design) {
    return design.depths().keySet().stream()
        .map(Stream::name)
        .sorted()
        .map(name -> SafeText.hardwareName("queue_" + name))
        .toList();
  }

  /** Registers besides the first that keep what is written to them. */
  private static List<Hexadecimal> otherSettings(Design design) {
    return RegisterMap.of(design).stream()
        .filter(register -> register.access() == RegisterMap.Access.READ_WRITE)
        .filter(register -> !register.equals(RegisterMap.CONTROL))
        .map(IcarusTestbench::offset)
        .toList();
  }

  private static List<Constant> constants(Design design, int designHash) {
    Stream first = design.outputs().get(0).stream();
    List<Constant> constants = new ArrayList<>();
    constants.add(constant(RegisterMap.IDENTITY, RegisterMap.IDENTITY_VALUE));
    constants.add(constant(RegisterMap.VERSION, RegisterMap.VERSION_VALUE));
    constants.add(constant(RegisterMap.DESIGN_HASH, designHash));
    constants.add(constant(RegisterMap.INPUT_FRAME_BEATS, design.input().beatsPerFrame()));
    constants.add(constant(RegisterMap.OUTPUT_FRAME_BEATS, first.beatsPerFrame()));
    constants.add(constant(RegisterMap.INPUT_FORMAT, RegisterMap.format(design.input().type())));
    constants.add(constant(RegisterMap.OUTPUT_FORMAT, RegisterMap.format(first.type())));
    for (int output = 1; output < design.outputs().size(); output++) {
      Stream stream = design.outputs().get(output).stream();
      int format = RegisterMap.format(stream.type());
      constants.add(constant(RegisterMap.outputFrameBeats(output), stream.beatsPerFrame()));
      constants.add(constant(RegisterMap.outputFormat(output), format));
    }
    return constants;
  }

  private static List<OtherOutput> others(Design design) {
    List<OtherOutput> others = new ArrayList<>();
    for (int number = 1; number < design.outputs().size(); number++) {
      OutputPort output = design.outputs().get(number);
      others.add(
          new OtherOutput(
              number,
              SafeText.hardwareName(output.name()),
              beatBits(output.stream()),
              output.stream().beatsPerFrame(),
              offset(RegisterMap.outputBeats(number))));
    }
    return others;
  }

  private static Constant constant(Register register, int value) {
    return new Constant(offset(register), SafeText.hexadecimal(value));
  }

  private static Hexadecimal offset(Register register) {
    return SafeText.hexadecimal(register.offset());
  }

  /** Bits of TDATA: each element in 8, 16 or 32 bits. */
  private static int beatBits(Stream stream) {
    return stream.type().elements() * stream.type().element().storageBytes() * 8;
  }
}
