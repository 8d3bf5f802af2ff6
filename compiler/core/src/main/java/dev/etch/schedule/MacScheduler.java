// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.hardware.Program;
import dev.etch.hardware.Program.Cluster;
import dev.etch.hardware.Program.Drain;
import dev.etch.hardware.Program.Lane;
import dev.etch.hardware.Program.Step;
import dev.etch.lower.MacProblem;
import dev.etch.lower.ProgramSource;
import dev.etch.schedule.ClusterLayout.Segment;
import dev.etch.schedule.DrainSolver.Job;
import dev.etch.schedule.DrainSolver.Part;
import dev.etch.schedule.DrainSolver.Placement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Makes static schedules: the wrap-around rule for the lanes, modulo reservation for the drains,
 * one more step and another try where the drains do not fit. Every schedule goes through {@link
 * ProgramChecker} before it is handed out.
 */
public final class MacScheduler implements ProgramSource {
  private static final int WHOLE_VARIANTS = 4;
  private static final int WRAPPED_VARIANTS = 8;

  @Override
  public Program program(MacProblem problem) {
    Program program = schedule(problem);
    ProgramChecker.check(problem, program);
    return program;
  }

  /** Steps that no schedule of this kind can beat. */
  public static int bound(MacProblem problem) {
    int bound = 1;
    for (int c = 0; c < problem.clusters(); c++) {
      bound = Math.max(bound, bound(SharedList.of(problem, c), problem));
    }
    return bound;
  }

  private static int bound(List<SharedList> lists, MacProblem problem) {
    long total = lists.stream().mapToLong(SharedList::length).sum();
    long perPort = (total + problem.ports() - 1) / problem.ports();
    return (int) Math.max(perPort, problem.outputsPerCluster());
  }

  private static Program schedule(MacProblem problem) {
    List<List<SharedList>> lists = new ArrayList<>();
    int most = 1;
    for (int c = 0; c < problem.clusters(); c++) {
      lists.add(SharedList.of(problem, c));
      int total = lists.get(c).stream().mapToInt(SharedList::length).sum();
      most = Math.max(most, total + problem.outputsPerCluster());
    }
    int steps = bound(problem);
    while (steps <= most) {
      List<Cluster> clusters = clusters(problem, lists, steps);
      if (clusters.size() == problem.clusters()) {
        return new Program(steps, clusters, problem.outputsPerCluster());
      }
      steps += 1 + steps / 100;
    }
    List<Cluster> clusters = new ArrayList<>();
    for (List<SharedList> ofCluster : lists) {
      ClusterLayout serial = ClusterLayout.serial(ofCluster, problem.ports());
      clusters.add(
          attempt(problem, ofCluster, most, serial)
              .orElseThrow(() -> new CompilerBug("one port alone cannot be scheduled")));
    }
    return new Program(most, clusters, problem.outputsPerCluster());
  }

  private static List<Cluster> clusters(
      MacProblem problem, List<List<SharedList>> lists, int steps) {
    List<Cluster> clusters = new ArrayList<>();
    for (List<SharedList> ofCluster : lists) {
      Optional<Cluster> cluster = cluster(problem, ofCluster, steps);
      if (cluster.isEmpty()) {
        return clusters;
      }
      clusters.add(cluster.get());
    }
    return clusters;
  }

  private static Optional<Cluster> cluster(MacProblem problem, List<SharedList> lists, int steps) {
    for (int variant = 0; variant < WHOLE_VARIANTS; variant++) {
      Optional<Cluster> cluster =
          attempt(
              problem, lists, steps, ClusterLayout.whole(lists, problem.ports(), steps, variant));
      if (cluster.isPresent()) {
        return cluster;
      }
    }
    for (int variant = 0; variant < WRAPPED_VARIANTS; variant++) {
      Optional<Cluster> cluster =
          attempt(
              problem, lists, steps, ClusterLayout.wrapped(lists, problem.ports(), steps, variant));
      if (cluster.isPresent()) {
        return cluster;
      }
    }
    return Optional.empty();
  }

  private static Optional<Cluster> attempt(
      MacProblem problem, List<SharedList> lists, int steps, ClusterLayout layout) {
    if (layout == null) {
      return Optional.empty();
    }
    return DrainSolver.solve(jobs(problem, lists, steps, layout), steps)
        .map(p -> new Cluster(lanes(problem, lists, steps, layout), drains(p, steps)));
  }

  private static List<Job> jobs(
      MacProblem problem, List<SharedList> lists, int steps, ClusterLayout layout) {
    List<List<Part>> parts = new ArrayList<>();
    for (int o = 0; o < problem.outputsPerCluster(); o++) {
      parts.add(new ArrayList<>());
    }
    for (int port = 0; port < layout.ports().size(); port++) {
      List<Segment> segments = layout.ports().get(port);
      int end = 0;
      for (int i = 0; i < segments.size(); i++) {
        SharedList list = lists.get(segments.get(i).list());
        end += segments.get(i).length();
        int window = segments.get((i + 1) % segments.size()).length();
        // The port is idle from its last segment to the end of the pixel.
        int idle = steps - segments.stream().mapToInt(Segment::length).sum();
        int deadline = end - 1 + window + (i + 1 == segments.size() ? idle : 0);
        for (int m = 0; m < list.members(); m++) {
          int lane = port * problem.group() + m;
          parts.get(list.firstOutput() + m).add(new Part(lane, end, deadline));
        }
      }
    }
    List<Job> jobs = new ArrayList<>();
    for (int o = 0; o < parts.size(); o++) {
      List<Part> ofOutput = parts.get(o);
      jobs.add(new Job(o, ofOutput.isEmpty() ? List.of(new Part(-1, 0, steps - 1)) : ofOutput));
    }
    return jobs;
  }

  private static List<Lane> lanes(
      MacProblem problem, List<SharedList> lists, int steps, ClusterLayout layout) {
    List<Lane> lanes = new ArrayList<>();
    for (List<Segment> segments : layout.ports()) {
      for (int lane = 0; lane < problem.group(); lane++) {
        lanes.add(lane(lists, steps, segments, lane));
      }
    }
    return lanes;
  }

  /** Lanes without an output in a group follow the others with weight 0, to share their port. */
  private static Lane lane(List<SharedList> lists, int steps, List<Segment> segments, int member) {
    List<Step> entries = new ArrayList<>(steps);
    for (Segment segment : segments) {
      SharedList list = lists.get(segment.list());
      // A stretched list idles first: its last step must be the segment's last.
      int stretch = list.length() - list.places().length;
      for (int i = 0; i < segment.length(); i++) {
        int term = segment.offset() + i - stretch;
        boolean last = i == segment.length() - 1;
        entries.add(term < 0 ? emptyStep(last, list) : step(list, term, member, last));
      }
    }
    entries.addAll(Collections.nCopies(steps - entries.size(), Step.IDLE));
    return new Lane(entries);
  }

  /** A part that is cut out of a stretched list's idle steps alone still ends, with the sum 0. */
  private static Step emptyStep(boolean last, SharedList list) {
    if (!last) {
      return Step.IDLE;
    }
    long place = list.places()[0];
    return new Step((int) (place >> 32), (int) place, 0, true);
  }

  private static Step step(SharedList list, int term, int member, boolean last) {
    long place = list.places()[term];
    int weight = member < list.members() ? list.weights()[member][term] : 0;
    return new Step((int) (place >> 32), (int) place, weight, last);
  }

  private static List<Drain> drains(List<Placement> placements, int steps) {
    List<Drain> drains = new ArrayList<>(Collections.nCopies(steps, Drain.IDLE));
    for (Placement placement : placements) {
      int parts = placement.order().size();
      for (int i = 0; i < parts; i++) {
        int slot = placement.slots()[i];
        Drain drain =
            Drain.of(
                placement.order().get(i).lane(),
                i == 0,
                i == parts - 1,
                placement.job().output(),
                slot >= steps);
        if (!drains.set(slot % steps, drain).idle()) {
          throw new CompilerBug("two drains in one slot");
        }
      }
    }
    return drains;
  }
}
