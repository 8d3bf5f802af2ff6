// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The AXI4-Lite registers of accelerators: 32-bit data, 8-bit byte addresses, whole-word accesses.
 * Those behind {@link #OUTPUT_FORMAT} are for designs whose weights the host loads, that read them
 * from a memory outside, or that have several outputs. The Verilog and the host driver are both
 * made from this list. Any other address answers SLVERR.
 */
public final class RegisterMap {
  /** What {@link #IDENTITY} reads: "ETCH" in ASCII, first letter in the top byte. */
  public static final int IDENTITY_VALUE = 0x45544348;

  /** What {@link #VERSION} reads: major in the upper, minor in the lower 16 bits. */
  public static final int VERSION_VALUE = 0x00010000;

  /** Bits of an address. */
  public static final int ADDRESS_BITS = 8;

  public static final Register IDENTITY =
      readOnly("identity", 0x00, "0x45544348, the letters ETCH");
  public static final Register VERSION =
      readOnly(
          "version",
          0x04,
          "Version of this register map",
          new Field("minor", 0, 16, "changes that old drivers do not notice"),
          new Field("major", 16, 16, "changes that old drivers do not survive"));
  public static final Register DESIGN_HASH =
      readOnly("designHash", 0x08, "Tells one compiled design from another");
  public static final Register CONTROL =
      new Register(
          "control",
          0x0C,
          Access.READ_WRITE,
          "0 after reset",
          List.of(
              new Field("run", 0, 1, "input beats are accepted while 1"),
              new Field(
                  "softReset",
                  1,
                  1,
                  "write 1: empties queues, counters, errors; clears itself, run stays"),
              new Field("interruptEnable", 2, 1, "interruptPending drives the interrupt line")));
  public static final Register STATUS =
      readOnly(
          "status",
          0x10,
          "State of the core",
          new Field("busy", 0, 1, "a beat of an unfinished frame has been accepted"),
          new Field("error", 1, 1, "some bit of the error register is 1"));
  public static final Register ERROR =
      new Register(
          "error",
          0x14,
          Access.WRITE_ONE_TO_CLEAR,
          "Faults of the input stream",
          List.of(
              new Field("tlastEarly", 0, 1, "s_axis_tlast before the last beat of a frame"),
              new Field("tlastMissing", 1, 1, "no s_axis_tlast at the last beat of a frame")));
  public static final Register INTERRUPT_PENDING =
      new Register(
          "interruptPending",
          0x18,
          Access.WRITE_ONE_TO_CLEAR,
          "Causes of the interrupt",
          List.of(new Field("frameDone", 0, 1, "the last output beat of a frame was taken")));
  public static final Register FRAMES_IN =
      readOnly("framesIn", 0x1C, "Frames whose last input beat was accepted");
  public static final Register FRAMES_OUT =
      readOnly("framesOut", 0x20, "Frames whose last output beat was taken");
  public static final Register CYCLES_LOW =
      readOnly("cyclesLow", 0x24, "Clock cycles in which the core ran, lower half");
  public static final Register CYCLES_HIGH =
      readOnly("cyclesHigh", 0x28, "Clock cycles in which the core ran, upper half");
  public static final Register LAST_FRAME_CYCLES =
      readOnly("lastFrameCycles", 0x2C, "Clock cycles between the last output beats of two frames");
  public static final Register INPUT_BEATS = readOnly("inputBeats", 0x30, "Input beats accepted");
  public static final Register OUTPUT_BEATS = readOnly("outputBeats", 0x34, "Output beats taken");
  public static final Register LATENCY_CYCLES =
      readOnly(
          "latencyCycles",
          0x38,
          "Clock cycles from the first beat in to the last beat out of the last frame that found the"
              + " core empty");
  public static final Register INPUT_FRAME_BEATS =
      readOnly("inputFrameBeats", 0x3C, "Beats of an input frame");
  public static final Register OUTPUT_FRAME_BEATS =
      readOnly("outputFrameBeats", 0x40, "Beats of an output frame");
  public static final Register INPUT_FORMAT =
      format("inputFormat", 0x44, "What a beat of s_axis carries");
  public static final Register OUTPUT_FORMAT =
      format("outputFormat", 0x48, "What a beat of m_axis carries");

  public static final Register LOAD_CONTROL =
      new Register(
          "loadControl",
          0x4C,
          Access.READ_WRITE,
          "How the host loads weights; 0 after reset",
          List.of(
              new Field("hold", 0, 1, "no new frame begins while 1"),
              new Field(
                  "write",
                  1,
                  1,
                  "words are written while 1, with one buffer if they were checked; else checked"),
              new Field("begin", 2, 1, "write 1: begins an image anew; clears itself")));
  public static final Register LOAD_STATUS =
      readOnly(
          "loadStatus",
          0x50,
          "State of the weights",
          new Field("idle", 0, 1, "held, and no frame is inside"),
          new Field("checked", 1, 1, "the last image was whole, and may be written"),
          new Field("refused", 2, 1, "the last image was damaged, or of another design"),
          new Field("broken", 3, 1, "an image was written in part: no frame begins"),
          new Field(
              "waits",
              4,
              1,
              "an image was written whole, and takes effect behind the frames that are inside"),
          new Field("buffer", 5, 1, "which of two buffers frames use; 0 if there is one"));
  public static final Register LOAD_ADDRESS =
      writeOnly("loadAddress", 0x54, "Where the next word goes");
  public static final Register LOAD_DATA =
      writeOnly("loadData", 0x58, "A word; the next one goes behind it");
  public static final Register LOAD_CHECK =
      writeOnly("loadCheck", 0x5C, "CRC-32 that ends an image");
  public static final Register LOAD_IMAGE =
      readOnly("loadImage", 0x60, "CRC-32 of the weights that frames use");

  public static final Register MEMORY_CONTROL =
      new Register(
          "memoryControl",
          0x64,
          Access.READ_WRITE,
          "How words are read from the memory outside; 0 after reset",
          List.of(
              new Field(
                  "enable",
                  0,
                  1,
                  "words are read while 1; while 0 no new frame begins, and when none is inside"
                      + " reading ends")));
  public static final Register MEMORY_STATUS =
      readOnly(
          "memoryStatus",
          0x68,
          "State of the words from outside",
          new Field("ready", 0, 1, "enough words were read for frames to begin"),
          new Field("idle", 1, 1, "nothing is read: the address and the words may change"),
          new Field("error", 2, 1, "the memory answered SLVERR or DECERR: frames are wrong"),
          new Field(
              "foreign",
              3,
              1,
              "the words do not belong to the weights that were loaded: no frame begins"));
  public static final Register MEMORY_ADDRESS_LOW =
      setting(
          "memoryAddressLow",
          0x6C,
          "Where the words begin, lower half: a multiple of 4096, and no multiple of 4 GiB is in"
              + " the words");
  public static final Register MEMORY_ADDRESS_HIGH =
      setting("memoryAddressHigh", 0x70, "Where the words begin, upper half");

  /** Where the registers of the outputs behind the first begin, and the bytes that each has. */
  public static final int OTHER_OUTPUTS = 0x74;

  public static final int BYTES_OF_OUTPUT = 12;

  private static final List<Register> READING =
      List.of(MEMORY_CONTROL, MEMORY_STATUS, MEMORY_ADDRESS_LOW, MEMORY_ADDRESS_HIGH);

  private static final List<Register> LOADING =
      List.of(LOAD_CONTROL, LOAD_STATUS, LOAD_ADDRESS, LOAD_DATA, LOAD_CHECK, LOAD_IMAGE);

  private static final List<Register> REGISTERS =
      List.of(
          IDENTITY,
          VERSION,
          DESIGN_HASH,
          CONTROL,
          STATUS,
          ERROR,
          INTERRUPT_PENDING,
          FRAMES_IN,
          FRAMES_OUT,
          CYCLES_LOW,
          CYCLES_HIGH,
          LAST_FRAME_CYCLES,
          INPUT_BEATS,
          OUTPUT_BEATS,
          LATENCY_CYCLES,
          INPUT_FRAME_BEATS,
          OUTPUT_FRAME_BEATS,
          INPUT_FORMAT,
          OUTPUT_FORMAT);

  private RegisterMap() {}

  /** Registers of every accelerator by rising offset. */
  public static List<Register> registers() {
    return REGISTERS;
  }

  /** Those that only designs have whose weights the host loads. */
  public static List<Register> loading() {
    return LOADING;
  }

  /** Those that only designs have that read words from a memory outside. */
  public static List<Register> reading() {
    return READING;
  }

  /** Those of an output behind the first; only designs have them that have so many outputs. */
  public static List<Register> ofOutput(int output) {
    return List.of(outputBeats(output), outputFrameBeats(output), outputFormat(output));
  }

  /** The count of an output's beats; outputs are counted from 0. */
  public static Register outputBeats(int output) {
    return output == 0
        ? OUTPUT_BEATS
        : readOnly(
            "output" + output + "Beats",
            offset(output, 0),
            "Beats taken of output " + output + ", the first being output 0");
  }

  /** The beats of an output's frame. */
  public static Register outputFrameBeats(int output) {
    return output == 0
        ? OUTPUT_FRAME_BEATS
        : readOnly(
            "output" + output + "FrameBeats",
            offset(output, 4),
            "Beats of a frame of output " + output);
  }

  /** What an output's beat carries. */
  public static Register outputFormat(int output) {
    return output == 0
        ? OUTPUT_FORMAT
        : format(
            "output" + output + "Format",
            offset(output, 8),
            "What a beat of output " + output + " carries");
  }

  private static int offset(int output, int within) {
    return OTHER_OUTPUTS + (output - 1) * BYTES_OF_OUTPUT + within;
  }

  /** Registers of a design. */
  public static List<Register> of(Design design) {
    List<Register> all = new ArrayList<>(REGISTERS);
    if (!LoadMap.of(design).isEmpty()) {
      all.addAll(LOADING);
    }
    if (design.memory().isPresent()) {
      all.addAll(READING);
    }
    for (int output = 1; output < design.outputs().size(); output++) {
      all.addAll(ofOutput(output));
    }
    return all;
  }

  /**
   * What {@link #INPUT_FORMAT} or a register of {@link #outputFormat} reads for a stream of this
   * type.
   */
  public static int format(StreamType beat) {
    int container = 8 * beat.element().storageBytes();
    int sign = beat.element().signed() ? 1 : 0;
    return container | beat.element().bits() << 8 | sign << 15 | beat.elements() << 16;
  }

  private static Register readOnly(String name, int offset, String description, Field... fields) {
    return new Register(name, offset, Access.READ_ONLY, description, List.of(fields));
  }

  private static Register setting(String name, int offset, String description) {
    return new Register(name, offset, Access.READ_WRITE, description, List.of());
  }

  private static Register writeOnly(String name, int offset, String description) {
    return new Register(name, offset, Access.WRITE_ONLY, description, List.of());
  }

  private static Register format(String name, int offset, String description) {
    return readOnly(
        name,
        offset,
        description,
        new Field("containerBits", 0, 8, "bits that an element takes in TDATA"),
        new Field("elementBits", 8, 7, "lowest bits of the container that count"),
        new Field("signed", 15, 1, "whether an element has a sign"),
        new Field("elements", 16, 16, "elements side by side"));
  }

  /** What the bus can do with a register. */
  public enum Access {
    READ_ONLY,
    READ_WRITE,
    /** Reads 0. */
    WRITE_ONLY,
    WRITE_ONE_TO_CLEAR
  }

  /**
   * One register of 32 bits.
   *
   * @param name in camel case
   * @param offset byte address, a multiple of 4
   * @param access of all its fields
   * @param description for people
   * @param fields from bit 0 upwards; empty if the whole register is one number
   */
  public record Register(
      String name, int offset, Access access, String description, List<Field> fields) {
    public Register {
      Objects.requireNonNull(name);
      Objects.requireNonNull(access);
      Objects.requireNonNull(description);
      fields = List.copyOf(fields);
      if (offset % 4 != 0 || offset < 0 || offset >= 1 << ADDRESS_BITS) {
        throw new IllegalArgumentException("register " + name + " at " + offset);
      }
    }

    /** The field of that name. */
    public Field field(String fieldName) {
      return fields.stream().filter(f -> f.name().equals(fieldName)).findFirst().orElseThrow();
    }
  }

  /**
   * Neighbouring bits of a register.
   *
   * @param name in camel case
   * @param bit lowest bit
   * @param width in bits
   * @param description for people
   */
  public record Field(String name, int bit, int width, String description) {
    public Field {
      Objects.requireNonNull(name);
      Objects.requireNonNull(description);
      if (bit < 0 || width < 1 || bit + width > 32) {
        throw new IllegalArgumentException("field " + name + " at bit " + bit);
      }
    }

    /** Its bits as ones. */
    public int mask() {
      return (width == 32 ? -1 : (1 << width) - 1) << bit;
    }
  }
}
