// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.Area;
import dev.etch.area.UnitAreas;
import dev.etch.hardware.MatrixCodebook;
import dev.etch.hardware.MatrixNetlist;
import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.MatrixProgram.Place;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.Netlist;
import dev.etch.hardware.Packing;
import dev.etch.hardware.Program;
import dev.etch.hardware.WindowNetlist;
import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.WordSource;
import dev.etch.hardware.memory.MemoryBits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What each form of compression was worth for a layer: what its unit would take without it, on the
 * same lanes, up to the form that was built.
 *
 * <p>A schedule with zeros is not made, which would take minutes for large layers. Its steps are
 * the bound that schedules meet at nearly every folding: the fullest cluster's products over its
 * lanes. Of its bits, those are counted that it has at least: weights as wide as in the schedule
 * that was made, and, as no lane has to skip zeros of its own, one sequence of addresses for all
 * lanes; none for those of a matrix, which find the next weight without a distance.
 *
 * @param unit its Verilog name
 * @param layer name in the model
 * @param forms in order; the last is what was built
 */
public record CompressedLayer(String unit, String layer, List<FormCost> forms) {
  public CompressedLayer {
    forms = List.copyOf(forms);
  }

  /**
   * A layer of weights.
   *
   * @param products of a frame, zeros included
   * @param nonzero those whose weight is not zero
   */
  record Weights(long products, long nonzero) {
    boolean hasZeros() {
      return nonzero < products;
    }
  }

  /** The cost of the last form up to {@code form}. */
  FormCost upTo(CompressionForm form) {
    return forms.stream()
        .filter(cost -> cost.form().compareTo(form) <= 0)
        .reduce(forms.get(0), (before, cost) -> cost);
  }

  /**
   * The forms of a window unit.
   *
   * @param shares whether its multipliers are an array's
   * @param built its area
   */
  static CompressedLayer of(
      WindowUnit unit, Weights weights, boolean shares, Area built, UnitAreas areas) {
    boolean packs = unit.packing().products() > 1;
    WindowUnit unpacked = packs ? unit.withPacking(Packing.NONE) : unit;
    boolean saves = unit.multipliers() < unpacked.multipliers();
    int steps = unit.program().steps();
    Forms forms = new Forms();
    if (weights.hasZeros()) {
      int all = Math.max(steps, steps(unit, weights));
      forms.add(
          CompressionForm.PLAIN,
          unit.walk().pixels() * (long) all,
          plainBits(unit) / steps * all,
          areas.withZeros(unpacked.withMemory(Optional.empty()), shares, all));
    }
    long bits = MemoryBits.of(Netlist.memories(unit)).schedule() + outside(unit);
    if (saves) {
      Area area = shares ? built : areas.window(unpacked);
      forms.add(forms.next(CompressionForm.ZEROS_SKIPPED), Occupation.of(unit), bits, area);
    }
    CompressionForm last =
        saves ? CompressionForm.SHARED_MULTIPLIERS : forms.next(CompressionForm.ZEROS_SKIPPED);
    forms.add(last, Occupation.of(unit), bits, built);
    return new CompressedLayer(unit.name(), unit.layer(), forms.costs);
  }

  /** Bits of the words that are outside. */
  private static long outside(WindowUnit unit) {
    return WindowNetlist.of(unit).stream()
        .map(words -> (long) words.words() * words.wordBits())
        .orElse(0L);
  }

  /** Bits of weights and of one sequence of addresses, for as many steps. */
  private static long plainBits(WindowUnit built) {
    WindowUnit unit = built.withMemory(Optional.empty());
    MemoryBits bits = MemoryBits.of(Netlist.memories(unit));
    int ports = WindowNetlist.of(unit).ports().all().size();
    return bits.weights() + bits.positions() / ports;
  }

  /** Steps of a run with a product for each weight. */
  private static int steps(WindowUnit unit, Weights weights) {
    Program program = unit.program();
    int word = unit.operation() == WindowUnit.Operation.DOT ? unit.input().type().elements() : 1;
    long outputs = program.outputsPerCluster();
    long ofRun = weights.products() / unit.walk().pixels() / word;
    long ofCluster = ofRun / program.clusters().size();
    return program.clusters().stream()
        .mapToInt(cluster -> (int) Math.max(outputs, ceil(ofCluster, cluster.lanes().size())))
        .max()
        .orElseThrow();
  }

  /** The forms of a matrix unit. */
  static CompressedLayer of(MatrixUnit unit, Weights weights, Area built, UnitAreas areas) {
    Forms forms = new Forms();
    MatrixUnit plain = unit.withPlainWords();
    MatrixNetlist netlist = MatrixNetlist.of(plain);
    MemoryBits bits = MemoryBits.of(Netlist.memories(plain));
    if (weights.hasZeros()) {
      int steps = Math.max(unit.program().steps(), steps(unit));
      forms.add(
          CompressionForm.PLAIN,
          cycles(unit, steps),
          (long) steps * netlist.lanes() * netlist.weightBits(),
          areas.withZeros(plain, steps));
    }
    boolean coded = unit.words() != WordSource.ROM;
    Area area = coded ? areas.matrix(plain) : built;
    long saved = netlist.codebook().map(codebook -> saved(codebook, netlist, plain)).orElse(0L);
    forms.add(
        forms.next(CompressionForm.ZEROS_SKIPPED),
        unit.cyclesPerFrame(),
        bits.schedule() + saved,
        saved > 0 ? areas.withWeights(plain) : area);
    if (saved > 0) {
      forms.add(CompressionForm.CODEBOOK, unit.cyclesPerFrame(), bits.schedule(), area);
    }
    if (unit.words() == WordSource.ROTATED) {
      forms.add(CompressionForm.CIRCULANT, unit.cyclesPerFrame(), codedBits(unit), built);
    } else if (coded) {
      forms.add(CompressionForm.CODED, unit.cyclesPerFrame(), codedBits(unit), built);
    }
    return new CompressedLayer(unit.name(), unit.layer(), forms.costs);
  }

  private static int cycles(MatrixUnit unit, int steps) {
    return MatrixUnit.cyclesPerFrame(steps, unit.program().outputsPerCluster(), unit.ahead());
  }

  /** Steps of a frame in which the lane of the most rows has a product for each element. */
  private static int steps(MatrixUnit unit) {
    MatrixProgram program = unit.program();
    int rows = 1;
    for (List<Place> places : program.outputs()) {
      int[] ofLane = new int[program.lanesPerCluster()];
      for (Place place : places) {
        rows = Math.max(rows, ++ofLane[place.lane()]);
      }
    }
    return Math.multiplyExact(rows, unit.elements());
  }

  /** Bits that indices of the weights take less than weights, with a codebook a lane. */
  private static long saved(MatrixCodebook codebook, MatrixNetlist netlist, MatrixUnit unit) {
    long ofStep = codebook.weightBits() - codebook.indexBits();
    long ofTable = (long) codebook.table().entries().size() * codebook.weightBits();
    return netlist.lanes() * (unit.program().steps() * ofStep - ofTable);
  }

  /** Those on the chip, and what is outside. */
  private static long codedBits(MatrixUnit unit) {
    long outside =
        unit.words() == WordSource.EXTERNAL
            ? MatrixNetlist.of(unit).stream()
                .map(stream -> (long) stream.chunks().size() * stream.chunkBits())
                .orElseThrow()
            : 0;
    return MemoryBits.of(Netlist.memories(unit)).schedule() + outside;
  }

  private static long ceil(long number, long divisor) {
    return (number + divisor - 1) / divisor;
  }

  /** Costs in order; the first is that of the plain form. */
  private static final class Forms {
    private final List<FormCost> costs = new ArrayList<>();

    /** The plain form if there is no other, else {@code form}. */
    CompressionForm next(CompressionForm form) {
      return costs.isEmpty() ? CompressionForm.PLAIN : form;
    }

    void add(CompressionForm form, long cycles, long bits, Area area) {
      costs.add(new FormCost(form, cycles, bits, area));
    }
  }
}
