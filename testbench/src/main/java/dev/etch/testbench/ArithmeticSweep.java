// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.AddUnit;
import dev.etch.hardware.PipelineStages;
import dev.etch.hardware.Sum;
import dev.etch.hardware.Unit;
import dev.etch.lower.LoweredModel;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What the arithmetic pipelines of a design are given on their own, all at once and an operand each
 * cycle, while no frame is under way: the requantizers of window units get {@link CriticalSums} of
 * each output in turn, additions {@link CriticalPairs}. So values are tried that no frame that
 * anyone has happens to reach.
 *
 * <p>A testbench sets registers in front of a cycle, and finds the result {@link #RESULT_DELAY}
 * cycles behind the first of them.
 */
public final class ArithmeticSweep {
  /** Cycles from the number of an output, the first that is set, to its operands. */
  public static final int OPERAND_DELAY = 2;

  /** Cycles after that in front of which an output's number is set, behind which its result is. */
  public static final int RESULT_DELAY = OPERAND_DELAY + PipelineStages.REQUANTIZER - 1;

  private final List<Track> tracks;
  private final int length;

  /**
   * One pipeline.
   *
   * @param given to its registers
   * @param result the register that carries the result
   * @param results wanted, one after the other
   */
  public record Track(List<Given> given, Field result, int[] results) {
    public Track {
      given = List.copyOf(given);
    }

    private boolean isOf(Set<String> registers) {
      return registers.contains(result.path())
          && given.stream().allMatch(g -> registers.contains(g.field().path()));
    }

    private String at(int number) {
      StringBuilder text = new StringBuilder();
      for (Given each : given) {
        text.append(each.field().register()).append(' ').append(each.values()[number]).append(", ");
      }
      return text.toString();
    }
  }

  /**
   * What a register is given.
   *
   * @param delay cycles after the first register of the pipeline
   * @param values one after the other
   */
  public record Given(Field field, int delay, long[] values) {
    /** What is there in a cycle of the sweep; the last value stays to the end. */
    long in(int cycle) {
      return values[Math.max(0, Math.min(cycle - delay, values.length - 1))];
    }
  }

  /**
   * Bits of a register.
   *
   * @param unit name of the unit's instance
   * @param register in it
   * @param low the lowest of them
   * @param bits how many, at most 64
   */
  public record Field(String unit, String register, int low, int bits) {
    static Field of(Unit unit, String register, int low, int bits) {
      return new Field("unit_" + unit.name(), register, low, bits);
    }

    /** Its name below the top module. */
    String path() {
      return unit + "." + register;
    }

    /** Its bits of a number. */
    long of(long number) {
      return bits == Long.SIZE ? number : number & ((1L << bits) - 1);
    }
  }

  private ArithmeticSweep(List<Track> tracks) {
    this.tracks = List.copyOf(tracks);
    this.length = tracks.stream().mapToInt(t -> t.results().length).max().orElse(0);
  }

  /**
   * The sweep of a design.
   *
   * @param most operands of a pipeline, at most; but one of each of its outputs at least
   */
  public static ArithmeticSweep of(LoweredModel model, int most) {
    List<Track> tracks = new ArrayList<>(RequantizerTracks.of(model, most));
    for (Unit unit : model.design().units()) {
      if (unit instanceof AddUnit add && add.sum() instanceof Sum.Linear sum) {
        tracks.addAll(additions(add, sum, most));
      }
    }
    return new ArithmeticSweep(tracks);
  }

  private static List<Track> additions(AddUnit unit, Sum.Linear sum, int most) {
    List<CriticalPairs.Pair> pairs = CriticalPairs.of(unit, sum, most);
    long[] left = pairs.stream().mapToLong(CriticalPairs.Pair::left).toArray();
    long[] right = pairs.stream().mapToLong(CriticalPairs.Pair::right).toArray();
    int[] results = pairs.stream().mapToInt(p -> (int) sum.apply(p.left(), p.right())).toArray();
    List<Track> tracks = new ArrayList<>();
    for (int i = 0; i < unit.output().type().elements(); i++) {
      String name = "element" + i;
      tracks.add(
          new Track(
              List.of(
                  new Given(
                      operand(unit, name + "_left_0", unit.left().type().element()),
                      OPERAND_DELAY,
                      left),
                  new Given(
                      operand(unit, name + "_right_0", unit.right().type().element()),
                      OPERAND_DELAY,
                      right)),
              result(unit, name),
              results));
    }
    return tracks;
  }

  /** The register of an operand: signed, whatever the type. */
  static Field operand(Unit unit, String register, IntegerType type) {
    return Field.of(unit, register, 0, type.bits() + (type.signed() ? 0 : 1));
  }

  /** The last register of a pipeline. */
  static Field result(Unit unit, String pipeline) {
    return Field.of(
        unit,
        pipeline + "_result_" + PipelineStages.REQUANTIZER,
        0,
        unit.outputs().get(0).type().element().bits());
  }

  /** Pipelines that are given something. */
  public List<Track> tracks() {
    return tracks;
  }

  /** Cycles until the last result is there. */
  public int cycles() {
    return tracks.isEmpty() ? 0 : length + RESULT_DELAY;
  }

  /** The pipelines whose registers a simulator has. */
  ArithmeticSweep onlyOf(Set<String> registers) {
    return new ArithmeticSweep(tracks.stream().filter(t -> t.isOf(registers)).toList());
  }

  /** Runs on an accelerator that is out of reset; the first pipeline that is wrong, if any. */
  Optional<String> run(SimulatedAccelerator accelerator) {
    Map<Field, long[]> set = new LinkedHashMap<>();
    for (Track track : tracks) {
      for (Given given : track.given()) {
        set.computeIfAbsent(
            given.field(), field -> IntStream.range(0, cycles()).mapToLong(given::in).toArray());
      }
    }
    List<Field> results = tracks.stream().map(Track::result).toList();
    List<long[]> read = accelerator.probe().sweep(set, results, cycles());
    for (int number = 0; number < tracks.size(); number++) {
      Optional<String> wrong = difference(tracks.get(number), read.get(number));
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> difference(Track track, long[] read) {
    for (int i = 0; i < track.results().length; i++) {
      long result = read[i + RESULT_DELAY];
      long wanted = track.result().of(track.results()[i]);
      if (result != wanted) {
        return Optional.of(
            "%s: %sbecomes %d instead of %d (as unsigned numbers)"
                .formatted(track.result().path(), track.at(i), result, wanted));
      }
    }
    return Optional.empty();
  }
}
