// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.AddUnit;
import dev.etch.hardware.ConcatUnit;
import dev.etch.hardware.Design;
import dev.etch.hardware.Stream;
import dev.etch.hardware.Unit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Chooses queue depths. A queue between two units needs two beats to keep up one beat a cycle. A
 * queue into a join has to hold what the other branch has swallowed before it gives its first beat:
 * these are played without a bound first, and get the peak that was seen. The result is played
 * again: a design that would lock up, or lose speed, never leaves this class.
 */
public final class FifoSizing {
  /** Depth of a queue that feeds no join. */
  public static final int SHALLOW = 2;

  private static final int UNBOUNDED = Integer.MAX_VALUE;

  private FifoSizing() {}

  /** The design with its final depths. */
  public static Design size(Design design) {
    Set<Stream> joins = new HashSet<>();
    for (Unit unit : design.units()) {
      if (unit instanceof AddUnit || unit instanceof ConcatUnit) {
        joins.addAll(unit.inputs());
      }
    }
    Design shallow = withDepths(design, joins, Map.of());
    if (joins.isEmpty()) {
      return shallow;
    }
    CycleResult free = CycleModel.run(shallow);
    Design sized = withDepths(design, joins, free.peaks());
    CycleResult bounded = CycleModel.run(sized);
    if (bounded.cyclesPerFrame() > free.cyclesPerFrame()) {
      throw new dev.etch.diagnostic.CompilerBug("queues of their peak's depth cost speed");
    }
    return sized;
  }

  /** A memory is as large as the next power of two anyway. */
  private static int round(int depth) {
    return Math.max(SHALLOW, Integer.highestOneBit(depth - 1) << 1);
  }

  private static Design withDepths(Design design, Set<Stream> joins, Map<Stream, Integer> peaks) {
    Map<Stream, Integer> depths = new LinkedHashMap<>();
    for (Stream stream : design.depths().keySet()) {
      int depth = SHALLOW;
      if (joins.contains(stream)) {
        // One more than the peak: a push is refused as long as the peak itself stands.
        depth = peaks.isEmpty() ? UNBOUNDED : round(peaks.get(stream) + 1);
      }
      depths.put(stream, depth);
    }
    return design.withDepths(depths);
  }
}
