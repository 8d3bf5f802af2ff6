// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Gives every part a slot in which the cluster's only drain takes it. Pixels follow each other
 * every {@code steps} cycles, so slot s and slot s + steps are the same (modulo reservation, as in
 * software pipelining). An output of several parts is summed in one register: its slots follow each
 * other without another output's in between. Outputs of one part are matched to the slots that are
 * left by augmenting paths, earliest deadline first, so a solution is found if there is one for
 * them.
 */
final class DrainSolver {
  private static final int FREE = -1;
  private static final int BLOCKED = -2;

  private final int steps;
  private final int[] owner;
  private final List<Job> jobs;
  private final int[][] slots;

  /**
   * One part of an output.
   *
   * @param lane holding register
   * @param release first slot in which it stands
   * @param deadline last slot in which it stands, below {@code release + steps}
   */
  record Part(int lane, int release, int deadline) {}

  /** All parts of one output of the cluster. */
  record Job(int output, List<Part> parts) {
    Job {
      parts = List.copyOf(parts);
    }
  }

  /** A part and its slot, counted from the first step of the part's own pixel. */
  record Placement(Job job, List<Part> order, int[] slots) {}

  private DrainSolver(List<Job> jobs, int steps) {
    this.jobs = jobs;
    this.steps = steps;
    this.owner = new int[steps];
    this.slots = new int[jobs.size()][];
    Arrays.fill(owner, FREE);
  }

  /** Slots for all jobs, or empty if this solver finds none. */
  static Optional<List<Placement>> solve(List<Job> jobs, int steps) {
    if (jobs.stream().mapToInt(j -> j.parts().size()).sum() > steps) {
      return Optional.empty();
    }
    List<Job> ordered = new ArrayList<>(jobs);
    ordered.sort(
        Comparator.comparing((Job j) -> j.parts().size() < 2)
            .thenComparingInt(DrainSolver::urgency));
    DrainSolver solver = new DrainSolver(ordered, steps);
    return solver.placeAll() ? Optional.of(solver.placements()) : Optional.empty();
  }

  private static int urgency(Job job) {
    return job.parts().stream().mapToInt(Part::deadline).min().orElseThrow();
  }

  private boolean placeAll() {
    for (int j = 0; j < jobs.size(); j++) {
      if (!(jobs.get(j).parts().size() > 1 ? placeRun(j) : placeSingle(j))) {
        return false;
      }
    }
    return true;
  }

  private List<Placement> placements() {
    List<Placement> result = new ArrayList<>();
    for (int j = 0; j < jobs.size(); j++) {
      result.add(new Placement(jobs.get(j), byDeadline(jobs.get(j)), slots[j]));
    }
    return result;
  }

  private static List<Part> byDeadline(Job job) {
    List<Part> order = new ArrayList<>(job.parts());
    order.sort(Comparator.comparingInt(Part::deadline).thenComparingInt(Part::release));
    return order;
  }

  /** The shortest free run of slots in which all parts can leave, the earliest of equals. */
  private boolean placeRun(int j) {
    List<Part> order = byDeadline(jobs.get(j));
    int[] best = null;
    for (int s = order.get(0).release(); s <= order.get(0).deadline(); s++) {
      int[] run = run(order, s);
      if (run != null && (best == null || length(run) < length(best))) {
        best = run;
      }
    }
    if (best == null) {
      return false;
    }
    for (int s = best[0]; s <= best[best.length - 1]; s++) {
      owner[s % steps] = BLOCKED;
    }
    slots[j] = best;
    return true;
  }

  private static int length(int[] run) {
    return run[run.length - 1] - run[0] + 1;
  }

  private int[] run(List<Part> order, int start) {
    int[] run = new int[order.size()];
    int slot = start - 1;
    for (int i = 0; i < run.length; i++) {
      slot = Math.max(slot + 1, order.get(i).release());
      if (slot > order.get(i).deadline()) {
        return null;
      }
      run[i] = slot;
    }
    if (length(run) > steps) {
      return null;
    }
    for (int s = run[0]; s <= slot; s++) {
      if (owner[s % steps] != FREE) {
        return null;
      }
    }
    return run;
  }

  /** Breadth-first search for an augmenting path that ends in a free slot. */
  private boolean placeSingle(int start) {
    int[] reachedBy = new int[steps];
    Arrays.fill(reachedBy, FREE);
    ArrayDeque<Integer> queue = new ArrayDeque<>(List.of(start));
    while (!queue.isEmpty()) {
      int j = queue.remove();
      Part part = jobs.get(j).parts().get(0);
      for (int s = part.release(); s <= part.deadline(); s++) {
        int slot = s % steps;
        if (owner[slot] == BLOCKED || reachedBy[slot] != FREE) {
          continue;
        }
        reachedBy[slot] = j;
        if (owner[slot] == FREE) {
          flip(slot, start, reachedBy);
          return true;
        }
        queue.add(owner[slot]);
      }
    }
    return false;
  }

  private void flip(int free, int start, int[] reachedBy) {
    int slot = free;
    while (true) {
      int j = reachedBy[slot];
      int before = slots[j] == null ? FREE : slots[j][0] % steps;
      Part part = jobs.get(j).parts().get(0);
      int absolute = part.release() + Math.floorMod(slot - part.release(), steps);
      slots[j] = new int[] {absolute};
      owner[slot] = j;
      if (j == start) {
        return;
      }
      slot = before;
    }
  }
}
