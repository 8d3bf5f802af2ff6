// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.hardware.Program;
import dev.etch.hardware.Program.Cluster;
import dev.etch.hardware.Program.Drain;
import dev.etch.hardware.Program.Step;
import dev.etch.lower.MacProblem;
import dev.etch.lower.MacProblem.Term;
import java.util.ArrayList;
import java.util.List;

/**
 * Proves that a schedule computes what it should, independently of how it was made: plays lanes,
 * holding registers and drains symbolically over pixels that follow each other directly, as soon as
 * they may otherwise, and later, and demands that every output of every pixel is completed once,
 * from exactly its own terms of exactly its own pixel.
 */
public final class ProgramChecker {
  /** How pixels follow each other. */
  private static final List<Follows> PIXELS =
      List.of(
          Follows.LATER,
          Follows.AT_ONCE,
          Follows.AT_ONCE,
          Follows.SOON,
          Follows.LATER,
          Follows.AT_ONCE);

  private final MacProblem problem;
  private final Program program;
  private final int clusterIndex;
  private final int tail;
  private final Cluster cluster;
  private final Held[] holding;
  private final List<Held> running = new ArrayList<>();
  private final boolean[][] done;
  private final List<List<Held>> proved = new ArrayList<>();

  /** When a pixel starts, behind the last step of the one before. */
  private enum Follows {
    /** In the next cycle. */
    AT_ONCE,
    /** As soon as it may otherwise. */
    SOON,
    /** When all of the one before is drained. */
    LATER
  }

  /** A finished part: the steps of a lane that it consists of, and the pixel it belongs to. */
  private record Held(int pixel, int lane, int from, int to) {}

  private ProgramChecker(MacProblem problem, Program program, int clusterIndex, int tail) {
    this.problem = problem;
    this.program = program;
    this.clusterIndex = clusterIndex;
    this.tail = tail;
    this.cluster = program.clusters().get(clusterIndex);
    this.holding = new Held[cluster.lanes().size()];
    this.done = new boolean[PIXELS.size()][program.outputsPerCluster()];
    this.proved.addAll(java.util.Collections.nCopies(program.outputsPerCluster(), null));
  }

  /**
   * Checks {@code program}.
   *
   * @throws CompilerBug if it does not compute {@code problem}
   */
  public static void check(MacProblem problem, Program program) {
    demand(program.clusters().size() == problem.clusters(), "number of clusters");
    demand(program.outputsPerCluster() == problem.outputsPerCluster(), "outputs of a cluster");
    int tail = program.tail();
    for (int c = 0; c < problem.clusters(); c++) {
      demand(
          program.clusters().get(c).lanes().size() == problem.ports(c) * problem.lanesPerPort(),
          "lanes of cluster");
      new ProgramChecker(problem, program, c, tail).play();
    }
  }

  private static void demand(boolean condition, String what) {
    if (!condition) {
      throw new CompilerBug("wrong schedule: " + what);
    }
  }

  private void play() {
    int[][] partStarts = partStarts();
    int[] starts = starts();
    int pixel = 0;
    for (int cycle = 0; cycle < starts[starts.length - 1] + 2 * program.steps(); cycle++) {
      pixel += pixel + 1 < starts.length && starts[pixel + 1] == cycle ? 1 : 0;
      int step = cycle - starts[pixel];
      boolean runs = step < program.steps();
      int previous = runs ? pixel - 1 : pixel;
      int slot = previous < 0 ? program.steps() : cycle - starts[previous] - program.steps();
      drain(slot, previous, step, pixel);
      if (runs) {
        accumulate(step, pixel, partStarts);
      }
    }
    demand(running.isEmpty(), "an output is not finished when the pipeline has run dry");
    for (boolean[] ofPixel : done) {
      for (boolean output : ofPixel) {
        demand(output, "an output is never completed");
      }
    }
  }

  /** Cycles in which pixels start. */
  private int[] starts() {
    int[] starts = new int[PIXELS.size()];
    for (int pixel = 1; pixel < starts.length; pixel++) {
      int gap =
          switch (PIXELS.get(pixel)) {
            case AT_ONCE -> 0;
            case SOON -> Math.max(1, program.pause());
            case LATER -> program.steps();
          };
      starts[pixel] = starts[pixel - 1] + program.steps() + gap;
    }
    return starts;
  }

  /** For each lane and step that ends a part, the step after the end of the part before. */
  private int[][] partStarts() {
    int[][] starts = new int[cluster.lanes().size()][program.steps()];
    for (int lane = 0; lane < starts.length; lane++) {
      List<Step> steps = cluster.lanes().get(lane).steps();
      int start = 0;
      for (int i = 0; i < steps.size(); i++) {
        demand(!steps.get(i).last() || !steps.get(i).isIdle(), "an idle step ends a part");
        starts[lane][i] = start;
        start = steps.get(i).last() ? i + 1 : start;
      }
      for (int i = start; i < steps.size(); i++) {
        demand(steps.get(i).isIdle(), "a part does not end with its pixel");
      }
    }
    return starts;
  }

  private void accumulate(int step, int pixel, int[][] partStarts) {
    for (int lane = 0; lane < holding.length; lane++) {
      if (cluster.lanes().get(lane).steps().get(step).last()) {
        holding[lane] = new Held(pixel, lane, partStarts[lane][step], step);
      }
    }
  }

  /**
   * Of a pixel that has run, and of the one that runs, at most one drains in a cycle. Drains have
   * one memory: all of a cycle are in one slot.
   */
  private void drain(int slot, int previous, int step, int pixel) {
    boolean spills = slot < tail;
    Drain late = spills ? cluster.drains().get(slot) : Drain.IDLE;
    Drain own = step < program.steps() ? cluster.drains().get(step) : Drain.IDLE;
    if (!late.idle() && late.previousPixel()) {
      drain(late, previous);
    }
    if (!own.idle() && !own.previousPixel()) {
      demand(!spills || slot == step, "a pixel drains before the one in front of it is finished");
      drain(own, pixel);
    }
  }

  private void drain(Drain drain, int owner) {
    demand(drain.first() == running.isEmpty(), "two outputs share the running sum");
    if (drain.lane() >= 0) {
      demand(holding[drain.lane()] != null, "a drain takes an empty register");
      running.add(holding[drain.lane()]);
    } else {
      running.add(new Held(owner, -1, 0, -1));
    }
    if (drain.last()) {
      complete(drain.output(), owner);
      running.clear();
    }
  }

  private void complete(int output, int pixel) {
    demand(running.stream().allMatch(h -> h.pixel() == pixel), "terms of another pixel");
    demand(!done[pixel][output], "an output is completed twice");
    done[pixel][output] = true;
    List<Held> parts = running.stream().map(h -> new Held(0, h.lane(), h.from(), h.to())).toList();
    if (parts.equals(proved.get(output))) {
      return;
    }
    proved.set(output, parts);
    List<Term> terms = new ArrayList<>();
    for (Held part : parts) {
      for (int i = part.from(); i <= part.to(); i++) {
        Step step = cluster.lanes().get(part.lane()).steps().get(i);
        if (!step.isIdle() && step.weight() != 0) {
          terms.add(new Term(step.address(), step.element(), step.weight()));
        }
      }
    }
    // A lane whose output lacks an element of its group reads it too, with the weight 0.
    List<Term> wanted =
        new ArrayList<>(
            problem.terms(clusterIndex, output).stream().filter(t -> t.weight() != 0).toList());
    java.util.Collections.sort(terms);
    java.util.Collections.sort(wanted);
    demand(terms.equals(wanted), "an output has wrong terms");
  }
}
