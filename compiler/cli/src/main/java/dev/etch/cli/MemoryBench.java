// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.MatrixCode;
import dev.etch.hardware.MatrixNetlist;
import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.MatrixStream;
import dev.etch.hardware.WordSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code etch bench --matrices --memory-bits N}: large sparse dense layers whose coded words come
 * from a memory outside, beside what its bus could bring at best.
 */
final class MemoryBench {
  /** Bits of the bus for which a lane has work, at what a product takes in coded form. */
  private static final int BITS_OF_A_LANE = 4;

  private final Console console;
  private final ExternalMemory memory;

  MemoryBench(Console console, ExternalMemory memory) {
    this.console = console;
    this.memory = memory;
  }

  /**
   * A layer; its components are keys of the JSON.
   *
   * @param values of its weights, and how often each is
   * @param products of nonzero weights
   * @param bitsOfProduct of words, tables of symbols not counted: those are on the FPGA
   * @param codedBits of all words of a frame
   * @param leastCycles of a frame: the coded bits over those of the bus, or if that is more, the
   *     steps
   * @param cycles of a frame, predicted
   * @param measured the same of the Verilog, if it was simulated
   * @param busy part of the lanes' cycles that are products
   * @param overLeast by how much the cycles are more, as a share
   * @param timesDense cycles that the bus takes for all weights of 8 bits, over the cycles
   * @param seconds for schedule and code
   */
  record Row(
      String layer,
      String values,
      int inputs,
      int outputs,
      double density,
      int lanes,
      long products,
      double bitsOfProduct,
      long codedBits,
      long leastCycles,
      long cycles,
      Optional<Long> measured,
      double busy,
      double overLeast,
      double timesDense,
      double seconds) {}

  /**
   * Measures layers with the weights of EIE's bench, and those of AlexNet and VGG-16 with weights
   * as Deep Compression leaves them, too.
   *
   * @param frames of each to simulate; none if 0
   */
  int run(List<MatrixBench.Layer> layers, int frames, boolean json) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (MatrixBench.Layer layer : layers) {
      console.say((frames == 0 ? "scheduling " : "scheduling and simulating ") + layer.name());
      rows.add(measure(memory, layer, "16 alike", MatrixBench.weights(layer), frames));
      if (layer.isOfVision()) {
        rows.add(measure(memory, layer, "32 of k-means", PrunedWeights.of(layer), frames));
      }
    }
    console.print(json ? Json.print(rows) : markdown(rows));
    return ExitCode.FINE;
  }

  /**
   * Measures a layer.
   *
   * @param values of its weights, in words
   * @param weights of each output, one after the other
   * @param frames to simulate; none if 0
   */
  static Row measure(
      ExternalMemory memory, MatrixBench.Layer layer, String values, int[] weights, int frames)
      throws IOException {
    int lanes = Math.min(memory.dataBits() / BITS_OF_A_LANE, MatrixStream.MOST_LANES);
    long start = System.nanoTime();
    MatrixDesign design =
        MatrixDesign.of(layer.name(), weights, layer.inputs(), lanes, WordSource.EXTERNAL, memory);
    double seconds = (System.nanoTime() - start) / 1e9;
    MatrixProgram program = design.unit().program();
    MatrixCode code = MatrixNetlist.of(design.unit()).code().orElseThrow();
    long coded = codedBits(code, program);
    long least = Math.max((coded + memory.dataBits() - 1) / memory.dataBits(), program.steps());
    long cycles = design.design().prediction().cyclesPerFrame();
    long dense = (long) layer.inputs() * layer.outputs() * Byte.SIZE / memory.dataBits();
    return new Row(
        layer.name(),
        values,
        layer.inputs(),
        layer.outputs(),
        layer.density(),
        lanes,
        program.products(),
        coded / (double) program.products(),
        coded,
        least,
        cycles,
        frames == 0 ? Optional.empty() : Optional.of(design.simulated(frames)),
        program.products() / ((double) cycles * lanes),
        cycles / (double) least - 1,
        dense / (double) cycles,
        seconds);
  }

  /** Bits that the steps of a frame take, without what fills words and beats. */
  private static long codedBits(MatrixCode code, MatrixProgram program) {
    long bits = 0;
    for (int lane = 0; lane < program.lanes().size(); lane++) {
      for (int step = 0; step < program.steps(); step++) {
        bits += code.bits(lane, step);
      }
    }
    return bits;
  }

  private static String markdown(List<Row> rows) {
    StringBuilder text = new StringBuilder();
    text.append(
        "| layer | weights | inputs x outputs | lanes | nonzero | bits a product | coded bits | cycles at least | ");
    text.append("predicted | simulated | above | lanes busy | dense int8 / this | s |\n");
    text.append("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (Row row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %d x %d, %.0f %% | %d | %,d | %.2f | %,d | %,d | %,d | %s | %.1f %% | %.1f %% | %.1f | %.0f |%n",
              row.layer(),
              row.values(),
              row.inputs(),
              row.outputs(),
              100 * row.density(),
              row.lanes(),
              row.products(),
              row.bitsOfProduct(),
              row.codedBits(),
              row.leastCycles(),
              row.cycles(),
              row.measured().map(cycles -> String.format(Locale.ROOT, "%,d", cycles)).orElse("-"),
              100 * row.overLeast(),
              100 * row.busy(),
              row.timesDense(),
              row.seconds()));
    }
    return text.toString().stripTrailing();
  }
}
