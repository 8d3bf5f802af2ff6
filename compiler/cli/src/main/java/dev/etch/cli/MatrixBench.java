// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.MatrixCode;
import dev.etch.hardware.MatrixCodebook;
import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.WordSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * {@code etch bench --matrices}: schedules of large sparse dense layers on 64 lanes, their words as
 * they are and in coded form. The layers are those that EIE was measured on (S. Han et al., EIE:
 * Efficient Inference Engine on Compressed Deep Neural Network, ISCA 2016, tables III and IV), with
 * random weights of the same densities.
 */
final class MatrixBench {
  private static final int LANES = 64;

  private static final int EIE_FIELD_BITS = 4;
  private static final int EIE_DISTANCES = 1 << EIE_FIELD_BITS;
  private static final int EIE_POINTER_BITS = 16;

  /** As likely as one another: no code makes an index of them shorter than four bits. */
  private static final int[] CODEBOOK = {
    -127, -96, -75, -58, -44, -31, -19, -8, 8, 19, 31, 44, 58, 75, 96, 127
  };

  private final Console console;

  MatrixBench(Console console) {
    this.console = console;
  }

  /**
   * A layer of EIE's table.
   *
   * @param density part of the weights that is not zero
   * @param busyOfEie part of its lanes' cycles that EIE did useful work in
   */
  record Layer(String name, int inputs, int outputs, double density, double busyOfEie) {
    /** Whether it is AlexNet's or VGG-16's, which Deep Compression has, too. */
    boolean isOfVision() {
      return name.startsWith("Alex") || name.startsWith("VGG");
    }
  }

  /**
   * A schedule; its components are keys of the JSON.
   *
   * @param products of nonzero weights
   * @param beatElements elements of a beat of the input: one, if lanes are not faster than that
   * @param steps of a frame
   * @param cycles of a frame, with what leaves at its end
   * @param measured cycles of a frame of the Verilog, if it was simulated
   * @param busy part of the lanes' steps that are products
   * @param busyOfCycles the same of the cycles
   * @param busyOfEie of EIE's 64 lanes, as published
   * @param romBits of words a product, as they are or with indices of weights
   * @param codedBits of words a product in coded form, with the tables of symbols
   * @param eieBits a product of the same weights in EIE's format
   * @param seconds for schedule and code
   */
  record Row(
      String layer,
      int inputs,
      int outputs,
      double density,
      long products,
      int beatElements,
      int steps,
      long cycles,
      Optional<Long> measured,
      double busy,
      double busyOfCycles,
      double busyOfEie,
      double romBits,
      double codedBits,
      double eieBits,
      double seconds) {}

  /** EIE's nine layers. */
  static List<Layer> standard() {
    return List.of(
        new Layer("Alex-6", 9216, 4096, 0.09, 0.93),
        new Layer("Alex-7", 4096, 4096, 0.09, 0.96),
        new Layer("Alex-8", 4096, 1000, 0.25, 0.90),
        new Layer("VGG-6", 25088, 4096, 0.04, 0.82),
        new Layer("VGG-7", 4096, 4096, 0.04, 0.91),
        new Layer("VGG-8", 4096, 1000, 0.23, 0.87),
        new Layer("NT-We", 4096, 600, 0.10, 0.65),
        new Layer("NT-Wd", 600, 8791, 0.11, 0.94),
        new Layer("NT-LSTM", 1201, 2400, 0.10, 0.87));
  }

  /**
   * Measures layers.
   *
   * @param frames of each to simulate; none if 0
   */
  int run(List<Layer> layers, int frames, boolean json) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Layer layer : layers) {
      console.say((frames == 0 ? "scheduling " : "scheduling and simulating ") + layer.name());
      rows.add(measure(layer, frames));
    }
    console.print(json ? Json.print(rows) : markdown(rows));
    return ExitCode.FINE;
  }

  /**
   * Schedules a layer.
   *
   * @param frames to simulate; none if 0
   */
  static Row measure(Layer layer, int frames) throws IOException {
    long start = System.nanoTime();
    MatrixDesign design =
        MatrixDesign.of(
            layer.name(),
            weights(layer),
            layer.inputs(),
            LANES,
            WordSource.CODED,
            ExternalMemory.STANDARD);
    MatrixProgram program = design.unit().program();
    MatrixCode code = MatrixCode.of(program);
    double seconds = (System.nanoTime() - start) / 1e9;
    long words = (long) program.steps() * LANES;
    long products = program.products();
    long cycles = design.design().prediction().cyclesPerFrame();
    return new Row(
        layer.name(),
        layer.inputs(),
        layer.outputs(),
        layer.density(),
        products,
        design.unit().beatElements(),
        program.steps(),
        cycles,
        frames == 0 ? Optional.empty() : Optional.of(design.simulated(frames)),
        products / (double) words,
        products / ((double) cycles * LANES),
        layer.busyOfEie(),
        plainBits(program, code) / (double) products,
        code.bits() / (double) products,
        eieBits(weights(layer), layer.inputs()) / (double) products,
        seconds);
  }

  /** Distances and weights of all lanes, or indices of weights and a codebook a lane. */
  private static long plainBits(MatrixProgram program, MatrixCode code) {
    Optional<MatrixCodebook> codebook = MatrixCodebook.of(program);
    int ofWeight = codebook.map(MatrixCodebook::indexBits).orElse(code.weightBits());
    long ofStep = (long) program.distanceBits() + ofWeight;
    long ofTable = codebook.map(c -> (long) c.table().entries().size() * c.weightBits()).orElse(0L);
    return LANES * (program.steps() * ofStep + ofTable);
  }

  /** Weights of each output, one after the other. */
  static int[] weights(Layer layer) {
    SplittableRandom random = new SplittableRandom(layer.inputs() * 31L + layer.outputs());
    int[] weights = new int[layer.inputs() * layer.outputs()];
    for (int i = 0; i < weights.length; i++) {
      if (random.nextDouble() < layer.density()) {
        weights[i] = CODEBOOK[random.nextInt(CODEBOOK.length)];
      }
    }
    return weights;
  }

  /**
   * Bits of EIE's format: four of a codebook's index and four of the zeros in front for each
   * nonzero weight and for each zero that is stored because there are more than 15, and 16 of a
   * pointer for each column of each lane, which has every 64th output (section III).
   */
  private static long eieBits(int[] weights, int inputs) {
    long entries = 0;
    int outputs = weights.length / inputs;
    for (int lane = 0; lane < LANES; lane++) {
      int[] next = new int[inputs];
      for (int row = 0; row * LANES + lane < outputs; row++) {
        int first = (row * LANES + lane) * inputs;
        for (int input = 0; input < inputs; input++) {
          if (weights[first + input] != 0) {
            entries += 1 + (row - next[input]) / EIE_DISTANCES;
            next[input] = row + 1;
          }
        }
      }
    }
    return 2L * EIE_FIELD_BITS * entries + (long) EIE_POINTER_BITS * LANES * (inputs + 1);
  }

  private static String markdown(List<Row> rows) {
    StringBuilder text = new StringBuilder();
    text.append(
        "| layer | inputs x outputs | nonzero | elements a beat | cycles a frame | simulated | steps busy | cycles busy | ");
    text.append("EIE busy | bits a product | coded | in EIE's format | s |\n");
    text.append("|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (Row row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %d x %d, %.0f %% | %,d | %d | %,d | %s | %.1f %% | %.1f %% | %.0f %% | %.1f | %.1f | %.1f | %.0f |%n",
              row.layer(),
              row.inputs(),
              row.outputs(),
              100 * row.density(),
              row.products(),
              row.beatElements(),
              row.cycles(),
              row.measured().map(cycles -> String.format(Locale.ROOT, "%,d", cycles)).orElse("-"),
              100 * row.busy(),
              100 * row.busyOfCycles(),
              100 * row.busyOfEie(),
              row.romBits(),
              row.codedBits(),
              row.eieBits(),
              row.seconds()));
    }
    return text.toString().stripTrailing();
  }
}
