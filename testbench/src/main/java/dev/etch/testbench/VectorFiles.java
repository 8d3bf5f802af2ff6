// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.MemoryMap;
import dev.etch.lower.LoweredModel;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
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

  /** Name of the file with the expected beats of the first output. */
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
   * Writes the input's and each output's file; the expected beats are the reference's.
   *
   * @param folder that exists
   * @throws IOException if a file cannot be written
   */
  public static void write(Path folder, LoweredModel model, List<IntegerTensor> frames)
      throws IOException {
    AcceleratorPorts ports = AcceleratorPorts.of(model);
    Interpreter reference = new Interpreter(model.model().accelerator());
    StringBuilder inputs = new StringBuilder();
    List<StringBuilder> expected =
        ports.outputs().stream().map(output -> new StringBuilder()).toList();
    for (IntegerTensor frame : frames) {
      List<Tensor> results = reference.run(List.of(frame));
      appendBeats(inputs, ports.pack(frame), ports.inputLayout().beatBytes());
      for (int i = 0; i < expected.size(); i++) {
        AcceleratorPorts.Output output = ports.outputs().get(i);
        byte[] beats = output.pack((IntegerTensor) results.get(i));
        appendBeats(expected.get(i), beats, output.layout().beatBytes());
      }
    }
    Files.writeString(folder.resolve(INPUT), inputs);
    for (int i = 0; i < expected.size(); i++) {
      Files.writeString(folder.resolve(expected(i)), expected.get(i));
    }
  }

  /** Name of the file with the expected beats of an output; they are counted from 0. */
  public static String expected(int output) {
    return output == 0 ? EXPECTED : "expected_" + output + ".hex";
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
