// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.hardware.AddUnit;
import dev.etch.hardware.ArgMaxUnit;
import dev.etch.hardware.ConcatUnit;
import dev.etch.hardware.ConstantUnit;
import dev.etch.hardware.Design;
import dev.etch.hardware.ForkUnit;
import dev.etch.hardware.MapUnit;
import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.MatrixProgram.Place;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.MultiplyUnit;
import dev.etch.hardware.PackedWeights;
import dev.etch.hardware.Program.Cluster;
import dev.etch.hardware.Program.Drain;
import dev.etch.hardware.Program.Step;
import dev.etch.hardware.SelectUnit;
import dev.etch.hardware.SoftmaxUnit;
import dev.etch.hardware.Stream;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WidthUnit;
import dev.etch.hardware.WindowBuffer;
import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.WindowWalk;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a design computes, frame by frame, straight from the records; no timing. */
public final class DesignInterpreter implements Unit.Visitor<Void> {
  private final Map<Stream, int[]> frames = new HashMap<>();

  private DesignInterpreter() {}

  /** The frame of a design's only output for an input frame, both in stream order. */
  public static int[] run(Design design, int[] input) {
    return runAll(design, input).get(0);
  }

  /** The frames of all outputs for an input frame, in stream order. */
  public static List<int[]> runAll(Design design, int[] input) {
    DesignInterpreter interpreter = new DesignInterpreter();
    interpreter.frames.put(design.input(), input);
    design.units().forEach(u -> u.accept(interpreter));
    return design.outputs().stream()
        .map(output -> interpreter.frames.get(output.stream()))
        .toList();
  }

  private void put(Stream stream, int[] frame) {
    if (frame.length != stream.beatsPerFrame() * stream.type().elements()) {
      throw new AssertionError("stream " + stream.name() + " carries " + frame.length);
    }
    for (int element : frame) {
      if (!stream.type().element().contains(element)) {
        throw new AssertionError("stream " + stream.name() + " carries value " + element);
      }
    }
    frames.put(stream, frame);
  }

  @Override
  public Void window(WindowUnit unit) {
    int[] padded = padded(unit);
    WindowWalk walk = unit.walk();
    List<Integer> results = new ArrayList<>();
    int origin = 0;
    for (int row = 0; row < walk.outputHeight(); row++) {
      for (int column = 0; column < walk.outputWidth(); column++) {
        pixel(unit, padded, origin, results);
        origin += column < walk.outputWidth() - 1 ? walk.pixelStep() : 0;
      }
      origin += row < walk.outputHeight() - 1 ? walk.rowStep() : 0;
    }
    if (origin + walk.frameStep() != unit.buffer().paddedBeats()) {
      throw new AssertionError("the walk does not end at the frame's end");
    }
    put(unit.output(), results.stream().mapToInt(Integer::intValue).toArray());
    return null;
  }

  private int[] padded(WindowUnit unit) {
    WindowBuffer buffer = unit.buffer();
    int[] frame = frames.get(unit.input());
    int channels = buffer.beatsPerPixel() * unit.input().type().elements();
    int[] padded = new int[buffer.paddedHeight() * buffer.paddedWidth() * channels];
    java.util.Arrays.fill(padded, buffer.padValue());
    for (int row = 0; row < buffer.height(); row++) {
      int to = ((row + buffer.padTop()) * buffer.paddedWidth() + buffer.padLeft()) * channels;
      System.arraycopy(
          frame, row * buffer.width() * channels, padded, to, buffer.width() * channels);
    }
    return padded;
  }

  private static void pixel(WindowUnit unit, int[] padded, int origin, List<Integer> results) {
    int clusters = unit.program().clusters().size();
    int[] pixel = new int[clusters * unit.program().outputsPerCluster()];
    for (int c = 0; c < clusters; c++) {
      cluster(unit, c, padded, origin, pixel);
    }
    for (int value : pixel) {
      results.add(value);
    }
  }

  /** A pixel on its own: drains of this pixel first, then those that spill over. */
  private static void cluster(WindowUnit unit, int c, int[] padded, int origin, int[] pixel) {
    Cluster cluster = unit.program().clusters().get(c);
    int steps = unit.program().steps();
    long[] accumulators = new long[cluster.lanes().size()];
    boolean[] begun = new boolean[accumulators.length];
    long[] holding = new long[accumulators.length];
    long running = 0;
    for (int slot = 0; slot < 2 * steps; slot++) {
      Drain drain = cluster.drains().get(slot % steps);
      if (!drain.idle() && drain.previousPixel() == slot >= steps) {
        long value = drain.lane() < 0 ? 0 : holding[drain.lane()];
        running = drain.first() ? value : combine(unit, running, value);
        if (drain.last()) {
          int channel = drain.output() * unit.program().clusters().size() + c;
          pixel[channel] = Math.toIntExact(unit.requantizer().apply(channel, running));
        }
      }
      for (int lane = 0; lane < accumulators.length && slot < steps; lane++) {
        Step step = cluster.lanes().get(lane).steps().get(slot);
        if (step.isIdle()) {
          continue;
        }
        int at = (origin + step.address()) * unit.input().type().elements() + step.element();
        long term = term(unit, padded, at, step.weight());
        accumulators[lane] = begun[lane] ? combine(unit, accumulators[lane], term) : term;
        if (!unit.accumulator().contains(accumulators[lane])) {
          throw new AssertionError("accumulator overflow in " + unit.name());
        }
        begun[lane] = !step.last();
        holding[lane] = step.last() ? accumulators[lane] : holding[lane];
      }
    }
  }

  private static long term(WindowUnit unit, int[] padded, int at, int weight) {
    if (unit.operation() != WindowUnit.Operation.DOT) {
      boolean multiplies = unit.operation() == WindowUnit.Operation.MULTIPLY_ACCUMULATE;
      return multiplies ? (long) padded[at] * weight : padded[at];
    }
    long sum = 0;
    for (int element = 0; element < unit.input().type().elements(); element++) {
      sum += (long) padded[at + element] * PackedWeights.of(weight, element);
    }
    return sum;
  }

  private static long combine(WindowUnit unit, long a, long b) {
    return unit.operation() == WindowUnit.Operation.MAXIMUM ? Math.max(a, b) : a + b;
  }

  /** Straight from the lanes' words; that each element is there in time, the checker proves. */
  @Override
  public Void matrix(MatrixUnit unit) {
    MatrixProgram program = unit.program();
    int[] frame = frames.get(unit.input());
    int clusters = program.outputs().size();
    int[] out = new int[clusters * program.outputsPerCluster()];
    for (int c = 0; c < clusters; c++) {
      for (int o = 0; o < program.outputsPerCluster(); o++) {
        Place place = program.outputs().get(c).get(o);
        MatrixProgram.Lane lane = program.lanes().get(c * program.lanesPerCluster() + place.lane());
        long sum = 0;
        int position = 0;
        for (int step = 0; step < program.steps(); step++) {
          position += lane.distances().get(step);
          boolean own = position % program.rows() == place.row();
          sum += own ? (long) lane.weights().get(step) * frame[position / program.rows()] : 0;
        }
        out[o * clusters + c] = Math.toIntExact(sum);
      }
    }
    put(unit.output(), out);
    return null;
  }

  @Override
  public Void map(MapUnit unit) {
    int[] in = frames.get(unit.input());
    int[] out = new int[in.length];
    for (int i = 0; i < in.length; i++) {
      out[i] = Math.toIntExact(unit.requantizer().apply(unit.channel(i), in[i]));
    }
    put(unit.output(), out);
    return null;
  }

  @Override
  public Void add(AddUnit unit) {
    int[] left = frames.get(unit.left());
    int[] right = frames.get(unit.right());
    int[] out = new int[left.length];
    for (int i = 0; i < left.length; i++) {
      out[i] = Math.toIntExact(unit.sum().apply(left[i], right[i]));
    }
    put(unit.output(), out);
    return null;
  }

  @Override
  public Void multiply(MultiplyUnit unit) {
    int[] left = frames.get(unit.left());
    int[] right = frames.get(unit.right());
    int[] out = new int[left.length];
    for (int i = 0; i < left.length; i++) {
      out[i] = Math.toIntExact(unit.apply(left[i], right[i]));
    }
    put(unit.output(), out);
    return null;
  }

  @Override
  public Void select(SelectUnit unit) {
    int width = unit.output().type().elements();
    int[] out = new int[unit.output().beatsPerFrame() * width];
    for (int beat = 0; beat < unit.output().beatsPerFrame(); beat++) {
      int from = unit.source(beat) * width;
      System.arraycopy(frames.get(unit.input()), from, out, beat * width, width);
    }
    put(unit.output(), out);
    return null;
  }

  @Override
  public Void fork(ForkUnit unit) {
    unit.copies().forEach(copy -> put(copy, frames.get(unit.input())));
    return null;
  }

  @Override
  public Void concat(ConcatUnit unit) {
    int width = unit.output().type().elements();
    int[] out = new int[unit.output().beatsPerFrame() * width];
    int[] taken = new int[unit.parts().size()];
    int p = 0;
    while (p < out.length) {
      for (int part = 0; part < taken.length; part++) {
        int length = unit.beatsPerTurn().get(part) * width;
        System.arraycopy(frames.get(unit.parts().get(part)), taken[part], out, p, length);
        taken[part] += length;
        p += length;
      }
    }
    put(unit.output(), out);
    return null;
  }

  @Override
  public Void constant(ConstantUnit unit) {
    int[] out = new int[unit.output().beatsPerFrame() * unit.output().type().elements()];
    for (int i = 0; i < out.length; i++) {
      out[i] = unit.elements().get(i % unit.elements().size());
    }
    put(unit.output(), out);
    return null;
  }

  @Override
  public Void width(WidthUnit unit) {
    put(unit.output(), frames.get(unit.input()));
    return null;
  }

  @Override
  public Void softmax(SoftmaxUnit unit) {
    int[] in = frames.get(unit.input());
    int[] out = new int[in.length];
    for (int first = 0; first < in.length; first += unit.elements()) {
      int[] line = Arrays.copyOfRange(in, first, first + unit.elements());
      System.arraycopy(unit.form().apply(line), 0, out, first, unit.elements());
    }
    put(unit.output(), out);
    return null;
  }

  @Override
  public Void argMax(ArgMaxUnit unit) {
    int[] in = frames.get(unit.input());
    int[] out = new int[in.length / unit.elements()];
    for (int group = 0; group < out.length; group++) {
      int best = 0;
      for (int i = 1; i < unit.elements(); i++) {
        int value = in[group * unit.elements() + i];
        int winner = in[group * unit.elements() + best];
        best = value > winner || (value == winner && unit.selectLast()) ? i : best;
      }
      out[group] = best;
    }
    put(unit.output(), out);
    return null;
  }
}
