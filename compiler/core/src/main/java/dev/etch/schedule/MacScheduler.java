// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.Program;
import dev.etch.hardware.Program.Cluster;
import dev.etch.hardware.Program.Drain;
import dev.etch.hardware.Program.Lane;
import dev.etch.hardware.Program.Step;
import dev.etch.lower.FrameBeats;
import dev.etch.lower.MacProblem;
import dev.etch.lower.ProgramSource;
import dev.etch.lower.ScheduleRoom;
import dev.etch.schedule.ClusterLayout.Segment;
import dev.etch.schedule.DrainSolver.Job;
import dev.etch.schedule.DrainSolver.Part;
import dev.etch.schedule.DrainSolver.Placement;
import dev.etch.schedule.SharedList.Member;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Makes static schedules: the wrap-around rule for the lanes, modulo reservation for the drains,
 * one more step and another try where the drains do not fit. Every schedule goes through {@link
 * ProgramChecker} before it is handed out.
 */
public final class MacScheduler implements ProgramSource {
  private static final int WHOLE_VARIANTS = 4;
  private static final int WRAPPED_VARIANTS = 8;

  /** Numbers of steps in which a schedule with room is tried: it has more than it needs. */
  private static final int ROOMY_TRIES = 64;

  private final Map<MacProblem, Program> known = new ConcurrentHashMap<>();
  private final Map<Matrix, MatrixProgram> matrices = new ConcurrentHashMap<>();

  /** What the schedule of a matrix depends on. */
  private record Matrix(MacProblem problem, FrameBeats frame, Optional<Integer> size) {}

  /**
   * Finds a schedule, or gives the one that it found for an equal problem before; for several
   * threads.
   */
  @Override
  public Program program(MacProblem problem) {
    Program found = known.get(problem);
    if (found == null) {
      found =
          problem.room().map(room -> withRoom(problem, room)).orElseGet(() -> schedule(problem));
      ProgramChecker.check(problem, found);
      known.put(problem, found);
    }
    return found;
  }

  @Override
  public MatrixProgram matrix(MacProblem problem, FrameBeats frame) {
    return found(
        new Matrix(problem, frame, Optional.empty()),
        () -> MatrixScheduler.program(problem, frame));
  }

  @Override
  public MatrixProgram rotated(MacProblem problem, FrameBeats frame, int size) {
    return found(
        new Matrix(problem, frame, Optional.of(size)),
        () -> RotatedSchedule.program(problem, frame, size));
  }

  private MatrixProgram found(Matrix matrix, Supplier<MatrixProgram> scheduler) {
    MatrixProgram found = matrices.get(matrix);
    if (found == null) {
      found = scheduler.get();
      matrices.put(matrix, found);
    }
    return found;
  }

  /** Steps that no schedule of this kind can beat. */
  public static int bound(MacProblem problem) {
    return works(problem).stream().mapToInt(Work::bound).max().orElseThrow();
  }

  /** What one cluster has to do. */
  private record Work(
      List<SharedList> lists, int ports, int lanesPerPort, int outputs, boolean loaded) {
    /** The last slot in which a pixel may drain. */
    int lastSlot(int steps) {
      return loaded ? steps + Program.mostTail(steps, ports * lanesPerPort) - 1 : 2 * steps - 1;
    }

    int total() {
      return lists.stream().mapToInt(SharedList::length).sum();
    }

    int bound() {
      return Math.max(1, Math.max((total() + ports - 1) / ports, outputs));
    }
  }

  private static List<Work> works(MacProblem problem) {
    List<Work> works = new ArrayList<>();
    for (int c = 0; c < problem.clusters(); c++) {
      works.add(
          new Work(
              SharedList.of(problem, c),
              problem.ports(c),
              problem.lanesPerPort(),
              problem.outputsPerCluster(),
              problem.room().isPresent()));
    }
    return works;
  }

  private static Program schedule(MacProblem problem) {
    List<Work> works = works(problem);
    int most = works.stream().mapToInt(w -> w.total() + w.outputs()).max().orElseThrow();
    int steps = works.stream().mapToInt(Work::bound).max().orElseThrow();
    while (steps <= most) {
      Optional<Program> program = inSteps(problem, works, steps);
      if (program.isPresent()) {
        return program.get();
      }
      steps += 1 + steps / 100;
    }
    List<Cluster> clusters = new ArrayList<>();
    for (Work work : works) {
      clusters.add(
          attempt(work, most, ClusterLayout.serial(work.lists(), work.ports()))
              .orElseThrow(() -> new CompilerBug("one port alone cannot be scheduled")));
    }
    return new Program(most, clusters, problem.outputsPerCluster(), problem.loadedWords());
  }

  private static Optional<Program> inSteps(MacProblem problem, List<Work> works, int steps) {
    List<Cluster> clusters = clusters(works, steps);
    return clusters.size() < works.size()
        ? Optional.empty()
        : Optional.of(
            new Program(steps, clusters, problem.outputsPerCluster(), problem.loadedWords()));
  }

  /**
   * A schedule with room for other weights. If the room is a number of steps, the caller has made
   * sure that there is no {@link #shortage}.
   */
  private static Program withRoom(MacProblem problem, ScheduleRoom room) {
    List<Work> works = works(problem);
    int steps = Math.toIntExact(room.steps(schedule(problem).steps()));
    for (int tries = 0; tries < ROOMY_TRIES; tries++) {
      Optional<Program> program = inSteps(problem, works, steps);
      if (program.isPresent()) {
        return program.get();
      }
      if (room.steps().isPresent()) {
        break;
      }
      steps += 1 + steps / 100;
    }
    throw new CompilerBug("no schedule in " + steps + " steps");
  }

  /**
   * Steps that the weights of a problem need, if its schedule is loaded and has fewer; empty if
   * they are enough.
   */
  static OptionalInt shortage(MacProblem problem) {
    Optional<Integer> steps = problem.room().flatMap(ScheduleRoom::steps);
    if (steps.isEmpty() || inSteps(problem, works(problem), steps.get()).isPresent()) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(Math.max(steps.get() + 1, schedule(problem).steps()));
  }

  private static List<Cluster> clusters(List<Work> works, int steps) {
    List<Cluster> clusters = new ArrayList<>();
    for (Work work : works) {
      Optional<Cluster> cluster = cluster(work, steps);
      if (cluster.isEmpty()) {
        return clusters;
      }
      clusters.add(cluster.get());
    }
    return clusters;
  }

  private static Optional<Cluster> cluster(Work work, int steps) {
    for (int variant = 0; variant < WHOLE_VARIANTS; variant++) {
      Optional<Cluster> cluster =
          attempt(work, steps, ClusterLayout.whole(work.lists(), work.ports(), steps, variant));
      if (cluster.isPresent()) {
        return cluster;
      }
    }
    for (int variant = 0; variant < WRAPPED_VARIANTS; variant++) {
      Optional<Cluster> cluster =
          attempt(work, steps, ClusterLayout.wrapped(work.lists(), work.ports(), steps, variant));
      if (cluster.isPresent()) {
        return cluster;
      }
    }
    return Optional.empty();
  }

  private static Optional<Cluster> attempt(Work work, int steps, ClusterLayout layout) {
    if (layout == null) {
      return Optional.empty();
    }
    return DrainSolver.solve(jobs(work, steps, layout), steps)
        .map(p -> new Cluster(lanes(work, steps, layout), drains(p, steps)));
  }

  private static List<Job> jobs(Work work, int steps, ClusterLayout layout) {
    List<List<Part>> parts = new ArrayList<>();
    for (int o = 0; o < work.outputs(); o++) {
      parts.add(new ArrayList<>());
    }
    for (int port = 0; port < layout.ports().size(); port++) {
      List<Segment> segments = layout.ports().get(port);
      int end = 0;
      for (int i = 0; i < segments.size(); i++) {
        SharedList list = work.lists().get(segments.get(i).list());
        end += segments.get(i).length();
        int window = segments.get((i + 1) % segments.size()).length();
        // The port is idle from its last segment to the end of the pixel.
        int idle = steps - segments.stream().mapToInt(Segment::length).sum();
        int deadline = end - 1 + window + (i + 1 == segments.size() ? idle : 0);
        for (int m = 0; m < work.lanesPerPort(); m++) {
          Member member = list.lanes().get(m);
          if (member.isUsed()) {
            int lane = port * work.lanesPerPort() + m;
            int last = Math.min(deadline, work.lastSlot(steps));
            parts.get(member.output()).add(new Part(lane, end, last));
          }
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

  private static List<Lane> lanes(Work work, int steps, ClusterLayout layout) {
    List<Lane> lanes = new ArrayList<>();
    for (List<Segment> segments : layout.ports()) {
      for (int lane = 0; lane < work.lanesPerPort(); lane++) {
        lanes.add(lane(work.lists(), steps, segments, lane));
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
        entries.add(term < 0 ? emptyStep(last, list, member) : step(list, term, member, last));
      }
    }
    entries.addAll(Collections.nCopies(steps - entries.size(), Step.IDLE));
    return new Lane(entries);
  }

  /** A part that is cut out of a stretched list's idle steps alone still ends, with the sum 0. */
  private static Step emptyStep(boolean last, SharedList list, int member) {
    return last ? step(list.places()[0], list.lanes().get(member), 0, true) : Step.IDLE;
  }

  private static Step step(SharedList list, int term, int number, boolean last) {
    Member member = list.lanes().get(number);
    return step(list.places()[term], member, member.weights()[term], last);
  }

  private static Step step(long place, Member member, int weight, boolean last) {
    return new Step((int) (place >> 32) + member.distance(), (int) place, weight, last);
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
