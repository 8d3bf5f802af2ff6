// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.MatrixCodebook;
import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.MatrixProgram.Lane;
import dev.etch.lower.FrameBeats;
import dev.etch.lower.MacProblem;
import dev.etch.schedule.MatrixRows.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Makes the schedules of {@link dev.etch.hardware.MatrixUnit}s, step by step: each lane makes its
 * next product as soon as the element is there and its distance is short enough; a beat is fed as
 * soon as the lane that is furthest on is about to need it, and all lanes are through with the one
 * whose place it takes. So lanes may be apart by as many beats as the window has, which evens out
 * how their weights are spread.
 */
final class MatrixScheduler {
  /** Beats that are fed before the lane that is furthest on needs them: one is fed a step. */
  private static final int AHEAD = 8;

  /** Part of the steps that narrower distances may cost. */
  private static final int STEPS_FOR_BITS = 64;

  private final MatrixRows rows;
  private final FrameBeats frame;
  private final int rowsOfLane;

  private MatrixScheduler(MacProblem problem, FrameBeats frame) {
    this.rows = MatrixRows.of(problem);
    this.frame = frame;
    this.rowsOfLane = rows.rows() <= 1 ? 1 : Integer.highestOneBit(rows.rows() - 1) << 1;
  }

  /**
   * A schedule, checked by {@link MatrixChecker}.
   *
   * @param problem of one pixel; the addresses of its terms are elements of the frame
   * @param frame how it arrives
   */
  static MatrixProgram program(MacProblem problem, FrameBeats frame) {
    MatrixProgram program =
        problem.coded().isPresent()
            ? LoadedMatrix.of(problem, frame).program()
            : open(problem, frame);
    MatrixChecker.check(problem, frame, program);
    return program;
  }

  /** One whose distances have as many bits as is best. */
  static MatrixProgram open(MacProblem problem, FrameBeats frame) {
    return new MatrixScheduler(problem, frame).schedule();
  }

  /** One whose distances have so many bits. */
  static MatrixProgram ofDistances(MacProblem problem, FrameBeats frame, int bits) {
    return new MatrixScheduler(problem, frame).new Run(bits).program();
  }

  /**
   * Wide distances first: they need the fewest steps. Then narrower ones, as long as the lanes'
   * words take fewer bits in all and the steps grow by little.
   */
  private MatrixProgram schedule() {
    int bits = bits(farthest());
    MatrixProgram best = new Run(bits).program();
    int mostSteps = best.steps() + best.steps() / STEPS_FOR_BITS;
    int weightBits = MatrixCodebook.bits(values(), best.steps());
    while (--bits > 0) {
      MatrixProgram narrow = new Run(bits).program();
      if (narrow.steps() > mostSteps) {
        break;
      }
      if (narrow.steps() * (long) (bits + weightBits)
          < best.steps() * (long) (best.distanceBits() + weightBits)) {
        best = narrow;
      }
    }
    return best;
  }

  /** All that factors are, that of a lane that only moves on included. */
  private int[] values() {
    return IntStream.concat(
            IntStream.of(0),
            rows.lanes().stream().flatMapToInt(l -> Arrays.stream(l).mapToInt(Entry::weight)))
        .sorted()
        .distinct()
        .toArray();
  }

  private static int bits(int number) {
    return Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(number));
  }

  private int farthest() {
    int farthest = 0;
    for (Entry[] lane : rows.lanes()) {
      int before = 0;
      for (Entry entry : lane) {
        farthest = Math.max(farthest, position(entry) - before);
        before = position(entry);
      }
    }
    return farthest;
  }

  private int position(Entry entry) {
    return entry.element() * rowsOfLane + entry.row();
  }

  /** One try, with distances of so many bits. */
  private final class Run {
    private final int distanceBits;
    private final List<Walk> lanes = new ArrayList<>();
    private final List<Integer> feeds = new ArrayList<>();

    /** For each place of a beat, the step that read it last. */
    private final int[] usedIn = new int[frame.window()];

    Run(int distanceBits) {
      this.distanceBits = distanceBits;
      rows.lanes().forEach(entries -> lanes.add(new Walk(entries)));
      Arrays.fill(usedIn, -MatrixProgram.STEPS_OF_A_BEAT);
    }

    MatrixProgram program() {
      int step = 0;
      while (feeds.size() < frame.beats() || lanes.stream().anyMatch(Walk::hasNext)) {
        if (feeds.size() < frame.beats() && mayFeed(step)) {
          feeds.add(step);
        }
        for (Walk lane : lanes) {
          lane.step(step);
        }
        step++;
      }
      int steps = step;
      return new MatrixProgram(
          steps,
          feeds,
          frame.window(),
          rowsOfLane,
          distanceBits,
          lanes.stream().map(lane -> lane.lane(steps)).toList(),
          rows.places());
    }

    private boolean mayFeed(int step) {
      int beat = feeds.size();
      int first = frame.beats();
      int furthest = 0;
      for (Walk lane : lanes) {
        first = Math.min(first, lane.nextBeat());
        furthest = Math.max(furthest, lane.nextBeat());
      }
      return beat <= furthest + AHEAD
          && first > beat - frame.window()
          && step >= usedIn[beat % frame.window()] + MatrixProgram.STEPS_OF_A_BEAT;
    }

    /** A lane on its way from weight to weight. */
    private final class Walk {
      private final Entry[] entries;
      private int next;
      private int position;
      private int[] distances = new int[1024];
      private int[] weights = new int[1024];

      Walk(Entry[] entries) {
        this.entries = entries;
      }

      boolean hasNext() {
        return next < entries.length;
      }

      int nextBeat() {
        return hasNext() ? beat(entries[next]) : frame.beats();
      }

      private int beat(Entry entry) {
        return entry.element() / frame.each();
      }

      void step(int step) {
        if (step == weights.length) {
          distances = Arrays.copyOf(distances, 2 * step);
          weights = Arrays.copyOf(weights, 2 * step);
        }
        if (!hasNext()) {
          return;
        }
        Entry entry = entries[next];
        int distance = position(entry) - position;
        int farthest = (1 << distanceBits) - 1;
        if (distance > farthest) {
          distances[step] = farthest;
          position += farthest;
        } else if (beat(entry) < feeds.size()) {
          distances[step] = distance;
          weights[step] = entry.weight();
          position += distance;
          usedIn[beat(entry) % frame.window()] = step;
          next++;
        }
      }

      Lane lane(int steps) {
        return new Lane(
            Arrays.stream(distances, 0, steps).boxed().toList(),
            Arrays.stream(weights, 0, steps).boxed().toList());
      }
    }
  }
}
