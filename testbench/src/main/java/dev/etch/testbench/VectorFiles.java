// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.MemoryMap;
import dev.etch.lower.LoweredModel;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.IntegerTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Stimulus and expected answers for the plain Verilog testbench: text files for {@code $readmemh},
 * a line a beat, frames one after another, the beat as one hexadecimal number of the port's width.
 */
public final class VectorFiles {
  /** Name of the file with the input beats. */
  public static final String INPUT = "input.hex";

  /** Name of the file with the expected output beats. */
  public static final String EXPECTED = "expected.hex";

  /** Name of the file with what the arithmetic pipelines are given on their own. */
  public static final String SWEEP = "sweep.hex";

  /** Name of the file with the beats of the memory outside. */
  public static final String MEMORY = "memory.hex";

  private VectorFiles() {}

  /**
   * Writes the beats of the memory that words are read from.
   *
   * @param folder that exists
   * @throws IOException if the file cannot be written
   */
  public static void write(Path folder, MemoryMap memory) throws IOException {
    StringBuilder beats = new StringBuilder();
    appendBeats(beats, memory.image(), memory.memory().beatBytes());
    Files.writeString(folder.resolve(MEMORY), beats);
  }

  /**
   * Writes what the arithmetic pipelines are given, a row a line.
   *
   * @param folder that exists
   * @throws IOException if the file cannot be written
   */
  public static void write(Path folder, SweepRows sweep) throws IOException {
    if (sweep.count() > 0) {
      Files.write(folder.resolve(SWEEP), sweep.lines());
    }
  }

  /**
   * Writes both files; the expected beats are the reference's.
   *
   * @param folder that exists
   * @throws IOException if a file cannot be written
   */
  public static void write(Path folder, LoweredModel model, List<IntegerTensor> frames)
      throws IOException {
    AcceleratorPorts ports = AcceleratorPorts.of(model);
    Interpreter reference = new Interpreter(model.model().accelerator());
    StringBuilder inputs = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    for (IntegerTensor frame : frames) {
      IntegerTensor output = (IntegerTensor) reference.run(List.of(frame)).get(0);
      appendBeats(inputs, ports.pack(frame), ports.inputLayout().beatBytes());
      appendBeats(expected, ports.packOutput(output), ports.outputLayout().beatBytes());
    }
    Files.writeString(folder.resolve(INPUT), inputs);
    Files.writeString(folder.resolve(EXPECTED), expected);
  }

  private static void appendBeats(StringBuilder text, byte[] bytes, int beatBytes) {
    for (int beat = 0; beat < bytes.length; beat += beatBytes) {
      for (int i = beatBytes - 1; i >= 0; i--) {
        int value = bytes[beat + i] & 0xff;
        text.append(Character.forDigit(value >> 4, 16)).append(Character.forDigit(value & 15, 16));
      }
      text.append('\n');
    }
  }
}
