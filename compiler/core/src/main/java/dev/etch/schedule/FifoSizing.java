// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.QueueArea;
import dev.etch.hardware.ConstantUnit;
import dev.etch.hardware.Design;
import dev.etch.hardware.Stream;
import dev.etch.hardware.Target;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WindowBuffer;
import dev.etch.hardware.WindowUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses queue depths. A queue between two units needs two beats to keep up one beat a cycle; all
 * get two more where that makes a design faster, because its units give and take in bursts: however
 * little faster, except where queues are registers. A queue into a join has to hold what the other
 * branch has swallowed before it gives its first beat: these are played without a bound first, and
 * get the peak that was seen. A queue into a window that is padded above or below has to hold what
 * comes while the rows of padding are written, if that makes the design faster. Then deep queues
 * are halved as long as the model finds no difference. The result is played again: a design that
 * would lock up, or lose speed, never leaves this class.
 */
public final class FifoSizing {
  /** Depth of a queue that feeds no join. */
  public static final int SHALLOW = 2;

  /** Depth of the same where units give and take in bursts. */
  private static final int LOOSE = 4;

  private static final int UNBOUNDED = Integer.MAX_VALUE;

  /** A design has to be faster by this part to be worth deeper queues that are not free. */
  private static final double WORTH = 0.005;

  /** Beats from which on it is worth trying whether half of them do. */
  private static final int DEEP = 256;

  /**
   * Steps of units that trying smaller queues may take, a cycle of a unit each: some seconds. What
   * deep networks with long frames would save is not worth minutes.
   */
  private static final long MOST_STEPS = 1_000_000_000L;

  private final Design design;
  private final Target target;
  private final Set<Stream> joins = new HashSet<>();
  private final Map<Stream, Integer> depths = new LinkedHashMap<>();
  private CycleModel.Played played;

  /** What the deepest queues do: no others may do worse. */
  private CycleResult wanted;

  private long steps;

  /**
   * Finds depths that may be more than needed, but cost no speed.
   *
   * @param target says what a depth takes
   */
  FifoSizing(Design design, Target target) {
    this.design = design;
    this.target = target;
    for (Unit unit : design.units()) {
      if (unit.inputs().size() > 1) {
        joins.addAll(unit.inputs());
      }
    }
    for (Unit unit : design.units()) {
      if (unit instanceof ConstantUnit) {
        // It counts the frames that it is behind; a deeper queue would only be fuller.
        unit.outputs().forEach(joins::remove);
      }
    }
    for (Stream stream : design.depths().keySet()) {
      depths.put(stream, joins.contains(stream) ? UNBOUNDED : SHALLOW);
    }
    played = play(depths);
    loosen();
    deepenWhilePadding();
    wanted = played.result();
    boundJoins();
    halveWhere(LOOSE);
  }

  /** The design with its final depths. */
  public static Design size(Design design, Target target) {
    FifoSizing sizing = new FifoSizing(design, target);
    sizing.shrink();
    return sizing.design();
  }

  /** The design with the depths that have been found. */
  Design design() {
    return design.withDepths(depths);
  }

  /** What it was seen to do. */
  CycleModel.Played played() {
    return played;
  }

  private void loosen() {
    if (played.result().cyclesPerFrame() > Occupation.most(design)) {
      Map<Stream, Integer> looser = new LinkedHashMap<>(depths);
      looser.replaceAll((stream, depth) -> Math.max(depth, LOOSE));
      deepenTo(looser, target.hasTableMemories() ? played.result().cyclesPerFrame() : worthwhile());
    }
  }

  /** Takes depths if they make the design faster than so many cycles a frame. */
  private void deepenTo(Map<Stream, Integer> deeper, double cycles) {
    CycleModel.Played faster = play(deeper);
    if (faster.result().cyclesPerFrame() < cycles) {
      played = faster;
      depths.putAll(deeper);
    }
  }

  private void deepenWhilePadding() {
    Map<Stream, Integer> padding = whilePadding(played.result().cyclesPerFrame());
    if (!padding.isEmpty() && Occupation.most(design) < worthwhile()) {
      Map<Stream, Integer> deeper = new LinkedHashMap<>(depths);
      deeper.putAll(padding);
      deepenTo(deeper, worthwhile());
    }
  }

  /** Cycles of a frame that are worth deeper queues, where these are not free. */
  private double worthwhile() {
    return (1 - WORTH) * played.result().cyclesPerFrame();
  }

  private void boundJoins() {
    for (Stream stream : joins) {
      // One more than the peak: a push is refused as long as the peak itself stands.
      depths.put(stream, round(wanted.peaks().get(stream) + 1));
    }
    played = played.bounded(design());
  }

  private CycleModel.Played play(Map<Stream, Integer> depths) {
    try {
      return CycleModel.quick(design.withDepths(depths));
    } catch (Deadlock deadlock) {
      throw deadlock.asBug();
    }
  }

  /** Halves deep queues, as far as that costs no speed. */
  void shrink() {
    List<Stream> deep = List.copyOf(depths.keySet());
    while (!deep.isEmpty()) {
      deep = halve(deep.stream().filter(this::isTooDeep).toList());
    }
  }

  /** Whether half the depth is worth trying: not if the queue would leave a block for tables. */
  private boolean isTooDeep(Stream stream) {
    int depth = depths.get(stream);
    return depth >= DEEP && tables(stream, depth / 2) <= tables(stream, depth);
  }

  private double tables(Stream stream, int depth) {
    return QueueArea.of(stream.type().bits(), depth, target).luts();
  }

  private void halveWhere(int depth) {
    halve(depths.keySet().stream().filter(stream -> depths.get(stream) == depth).toList());
  }

  /** Halves those that can be, all at once if possible; returns which. */
  private List<Stream> halve(List<Stream> deep) {
    if (deep.isEmpty() || steps > MOST_STEPS) {
      return List.of();
    }
    deep.forEach(stream -> depths.merge(stream, 2, (depth, half) -> depth / half));
    if (keepsUp()) {
      return deep;
    }
    deep.forEach(stream -> depths.merge(stream, 2, (depth, half) -> depth * half));
    if (deep.size() == 1) {
      return List.of();
    }
    int middle = deep.size() / 2;
    List<Stream> halved = new ArrayList<>(halve(deep.subList(0, middle)));
    halved.addAll(halve(deep.subList(middle, deep.size())));
    return halved;
  }

  private boolean keepsUp() {
    steps += wanted.frameEnds().get(wanted.frameEnds().size() - 1) * design.units().size();
    try {
      Optional<CycleModel.Played> result = CycleModel.keepsUp(design(), wanted);
      played = result.orElse(played);
      return result.isPresent();
    } catch (Deadlock deadlock) {
      return false;
    }
  }

  /** What arrives, at the pace of the frames, while a window's rows of padding are written. */
  private Map<Stream, Integer> whilePadding(long cyclesPerFrame) {
    Map<Stream, Integer> depths = new LinkedHashMap<>();
    for (Unit unit : design.units()) {
      if (unit instanceof WindowUnit window && !joins.contains(window.input())) {
        WindowBuffer buffer = window.buffer();
        int rows = buffer.padTop() + buffer.padBottom();
        long beats = (long) rows * buffer.paddedWidth() * buffer.beatsPerPixel();
        long arriving = beats * window.input().beatsPerFrame() / cyclesPerFrame;
        int depth = round((int) Math.min(arriving, window.input().beatsPerFrame()));
        if (depth > SHALLOW && !window.input().equals(design.input())) {
          depths.put(window.input(), depth);
        }
      }
    }
    return depths;
  }

  /** A memory is as large as the next power of two anyway. */
  private static int round(int depth) {
    return Math.max(SHALLOW, Integer.highestOneBit(Math.max(1, depth - 1)) << 1);
  }
}
