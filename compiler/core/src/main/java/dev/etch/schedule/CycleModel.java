// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.Design;
import dev.etch.hardware.OutputPort;
import dev.etch.hardware.SharedArray;
import dev.etch.hardware.Stream;
import dev.etch.hardware.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Plays a design cycle by cycle, without its data: the host always has a beat to give and always
 * takes one of each output. Every unit follows the timing contract in its record and sees only the
 * queues' state at the start of the cycle, so the prediction equals the RTL as integers. A unit
 * that only counts steps sleeps until it would do more, or a queue at one of its ends changes, or
 * the array that it shares is handed on; cycles in which all sleep are skipped.
 */
public final class CycleModel {
  /** The part of a frame's time that it may be late while designs are compared. */
  private static final int LATENESS = 50;

  /** Frames that are played at most to see whether a design repeats itself. */
  private static final int MOST_FRAMES = 96;

  /** A cycle that does not come. */
  public static final long NEVER = UnitModel.FOREVER;

  /** Frames to feed without end. */
  private static final long ENDLESS = Long.MAX_VALUE;

  private Design design;
  private final boolean skipping;
  private final Map<Stream, QueueState> queues = new LinkedHashMap<>();
  private final Map<String, WindowModel> windows = new LinkedHashMap<>();
  private final Source source;
  private final List<Sink> sinks = new ArrayList<>();

  /** The design's units, then source and sinks. */
  private final UnitModel[] units;

  /** They follow the units in the agenda. */
  private final List<ArrayModel> arrays = new ArrayList<>();

  /** The memory outside, if words are read from it. */
  private final Optional<MemoryModel> memory;

  private boolean memoryIsActive;

  private final Agenda agenda;
  private final TouchedQueues touched;
  private final FrameLog frames;

  /** What is told of each beat that a queue takes; nobody asks while designs are compared. */
  private Optional<Consumer<Stream>> observer = Optional.empty();

  private long now;

  private CycleModel(Design design, boolean skipping) {
    this.design = design;
    this.skipping = skipping;
    this.frames = new FrameLog(skipping);
    int count = design.units().size();
    units = new UnitModel[count + 1 + design.outputs().size()];
    agenda = new Agenda(units.length + design.arrays().size());
    touched = new TouchedQueues(design.depths().size());
    design
        .depths()
        .forEach((stream, depth) -> queues.put(stream, new QueueState(stream, depth, touched)));
    source = new Source(queues.get(design.input()), design.input().beatsPerFrame());
    enter(count, source, List.of(), List.of(design.input()));
    for (OutputPort output : design.outputs()) {
      Sink sink = new Sink(queues.get(output.stream()), output.stream().beatsPerFrame());
      sinks.add(sink);
      enter(count + sinks.size(), sink, List.of(output.stream()), List.of());
    }
    Map<String, ArrayModel> shared = new HashMap<>();
    for (SharedArray array : design.arrays()) {
      ArrayModel model = new ArrayModel(agenda, units.length + arrays.size());
      arrays.add(model);
      array.units().forEach(unit -> shared.put(unit, model));
    }
    memory = MemoryModel.of(design);
    UnitModels factory = new UnitModels(queues, shared, memory);
    for (int i = 0; i < count; i++) {
      Unit unit = design.units().get(i);
      enter(i, unit.accept(factory), unit.inputs(), unit.outputs());
      if (units[i] instanceof WindowModel window) {
        windows.put(unit.name(), window);
        if (shared.containsKey(unit.name())) {
          shared.get(unit.name()).add(window, i);
        }
      }
    }
  }

  private void enter(int number, UnitModel unit, List<Stream> inputs, List<Stream> outputs) {
    units[number] = unit;
    inputs.forEach(stream -> queues.get(stream).readBy(number));
    outputs.forEach(stream -> queues.get(stream).writtenBy(number));
    agenda.next(number);
  }

  /** The host that gives: has a beat of the frames that it is told to feed, always or when told. */
  private static final class Source implements UnitModel {
    private final QueueState queue;
    private final long beatsPerFrame;
    private long left;
    private long first = -1;

    private Pace pace = Pace.ALWAYS;

    Source(QueueState queue, long beatsPerFrame) {
      this.queue = queue;
      this.beatsPerFrame = beatsPerFrame;
    }

    @Override
    public boolean step(long now) {
      if (left == 0 || !queue.canPush() || now < pace.due()) {
        return false;
      }
      queue.push();
      first = first < 0 ? now : first;
      left -= left == ENDLESS ? 0 : 1;
      pace.next();
      return true;
    }

    @Override
    public long wakes(long now) {
      return left > 0 && queue.canPush() && now < pace.due() ? pace.due() : FOREVER;
    }

    @Override
    public void record(StateRecord state, long now) {
      // Only recorded while it feeds without end.
    }
  }

  /** When the host is there for its beats at the soonest. */
  private static final class Pace {
    static final Pace ALWAYS = new Pace(new long[0]);

    private final long[] soonest;
    private int beat;

    /** The soonest cycle of each beat, ascending; for those behind it is always there. */
    Pace(long[] soonest) {
      this.soonest = soonest;
    }

    long due() {
      return beat < soonest.length ? soonest[beat] : 0;
    }

    void next() {
      beat += beat < soonest.length ? 1 : 0;
    }
  }

  /** The host that takes from one output. */
  private static final class Sink implements UnitModel {
    private final QueueState queue;
    private final long beatsPerFrame;
    private long beats;

    /** Frames that it has the whole output of, and that have not left by all outputs. */
    private long ahead;

    private Pace pace = Pace.ALWAYS;

    Sink(QueueState queue, long beatsPerFrame) {
      this.queue = queue;
      this.beatsPerFrame = beatsPerFrame;
    }

    @Override
    public boolean step(long now) {
      if (!queue.canPop() || now < pace.due()) {
        return false;
      }
      queue.pop();
      pace.next();
      if (++beats == beatsPerFrame) {
        beats = 0;
        ahead++;
      }
      return true;
    }

    @Override
    public long wakes(long now) {
      return queue.canPop() && now < pace.due() ? pace.due() : FOREVER;
    }

    @Override
    public void record(StateRecord state, long now) {
      state.add(beats);
      state.add(ahead);
    }
  }

  /**
   * Predicts latency, from a run of one frame, and rate: frames are fed back to back without end,
   * and the cycles between the last output handshakes of two frames are divided by the number of
   * frames between them, see {@link Counting}. The source must not run dry meanwhile: where layers
   * share multipliers, the last frames have more of them.
   *
   * @throws dev.etch.diagnostic.CompilerBug if the design locks up; names the queues
   */
  public static CycleResult run(Design design) {
    return run(new CycleModel(design, true).feed(ENDLESS));
  }

  /** The same for a design that has been played already: goes on with it. */
  static CycleResult run(Played played) {
    return run(played.model());
  }

  /** The rate alone, of a design that has been played already: goes on with it. */
  static long lastingCyclesPerFrame(Played played) {
    try {
      CycleModel model = played.model();
      Counting counting = model.counting();
      return counting.perFrame(model.cycles(counting));
    } catch (Deadlock deadlock) {
      throw deadlock.asBug();
    }
  }

  private static CycleResult run(CycleModel model) {
    try {
      CycleModel single = new CycleModel(model.design, model.skipping);
      single.feed(1).play(1);
      return model.counted(model.counting(), single.frames.end(0));
    } catch (Deadlock deadlock) {
      throw deadlock.asBug();
    }
  }

  /** The same with every cycle of every frame played: slow, for tests. */
  static CycleResult playAll(Design design) {
    return run(new CycleModel(design, false).feed(ENDLESS));
  }

  /**
   * Plays as many frames as it takes to count. If those of {@link Counting#STANDARD} came faster
   * than any design goes on for, it is played until it repeats itself, within limits.
   */
  private Counting counting() {
    Counting standard = Counting.STANDARD;
    play(standard.frames());
    for (int frame = standard.frames() + 1; frame <= MOST_FRAMES && isTooFast(); frame++) {
      play(frame);
    }
    Counting counting = frames.counting(standard);
    play(counting.frames());
    return counting;
  }

  /** Whether the standard frames cannot be a part that stands for the whole. */
  private boolean isTooFast() {
    return !frames.isRepeating()
        && Counting.STANDARD.perFrame(cycles(Counting.STANDARD)) < Occupation.most(design);
  }

  /**
   * What a few frames show.
   *
   * @param result as of {@link #run(Design)}, but the latency is the first frame's with others
   *     behind it
   * @param model to go on with
   */
  record Played(CycleResult result, CycleModel model) {
    /**
     * The same with depths of which those that differ are more than the queues ever held, so that
     * it need not be played again.
     */
    Played bounded(Design deep) {
      deep.depths()
          .forEach(
              (stream, depth) -> {
                if (!depth.equals(model.design.depths().get(stream))) {
                  model.queues.get(stream).bound(depth);
                }
              });
      model.design = deep;
      return this;
    }
  }

  /** Plays a few frames, to compare designs. */
  static Played quick(Design design) {
    CycleModel model = new CycleModel(design, true).feed(ENDLESS);
    model.play(Counting.FEWER.frames());
    return model.fewer();
  }

  private Played fewer() {
    return new Played(counted(Counting.FEWER, 0).noFasterThan(Occupation.most(design)), this);
  }

  /**
   * Plays a design that has to keep up with another, of which {@link #quick} made {@code wanted}:
   * empty if rate or latency is worse. A design whose frames leave ever later is given up before
   * the last.
   */
  static Optional<Played> keepsUp(Design design, CycleResult wanted) {
    CycleModel model = new CycleModel(design, true).feed(ENDLESS);
    long tolerated = wanted.cyclesPerFrame() / LATENESS;
    for (int frame = 1; frame <= Counting.FEWER.frames(); frame++) {
      model.play(frame);
      if (model.frames.end(frame - 1) > wanted.frameEnds().get(frame - 1) + tolerated) {
        return Optional.empty();
      }
    }
    return Optional.of(model.fewer())
        .filter(p -> p.result().cyclesPerFrame() <= wanted.cyclesPerFrame())
        .filter(p -> p.result().latencyCycles() <= wanted.latencyCycles());
  }

  /**
   * @param latency of a frame alone; 0 if the first frame's does
   */
  private CycleResult counted(Counting counting, long latency) {
    return result(
        latency > 0 ? latency : frames.end(0), counting.perFrame(cycles(counting)), counting);
  }

  private long cycles(Counting counting) {
    return frames.end(counting.frames() - 1) - frames.end(counting.warmUp() - 1);
  }

  /**
   * Predicts latency, from a run of one frame, and the ends of {@code frames} frames that are fed
   * back to back, with nothing behind them. The cycles per frame are those between the last two.
   *
   * @param frames at least 2
   * @throws dev.etch.diagnostic.CompilerBug if the design locks up; names the queues
   */
  public static CycleResult run(Design design, int frames) {
    try {
      return tryRun(design, frames, true);
    } catch (Deadlock deadlock) {
      throw deadlock.asBug();
    }
  }

  /** The same for a host that never stalls. */
  public static Map<Stream, List<Long>> beatTimes(Design design, int count) {
    return beatTimes(
        design, count, new long[0], design.outputs().stream().map(any -> new long[0]).toList());
  }

  /**
   * Predicts when each queue takes its beats, if so many frames are fed back to back with nothing
   * behind them.
   *
   * @param count at least 1
   * @param given the first cycle in which the host has each of these beats, in ascending order,
   *     beginning with 0, or {@link #NEVER}; it always has those behind them
   * @param taken of each output, the first cycle in which the host takes each of these beats,
   *     likewise
   * @return for each queue the cycles in which it takes a beat, counted from the first input
   *     handshake, up to that of the last output handshake
   * @throws dev.etch.diagnostic.CompilerBug if the design locks up; names the queues
   */
  public static Map<Stream, List<Long>> beatTimes(
      Design design, int count, long[] given, List<long[]> taken) {
    Map<Stream, List<Long>> times = new LinkedHashMap<>();
    design.depths().keySet().forEach(stream -> times.put(stream, new ArrayList<>()));
    CycleModel model = new CycleModel(design, true).feed(count);
    model.source.pace = new Pace(given.clone());
    for (int output = 0; output < taken.size(); output++) {
      model.sinks.get(output).pace = new Pace(taken.get(output).clone());
    }
    model.observer = Optional.of(stream -> times.get(stream).add(model.now - model.source.first));
    try {
      model.play(count);
      return times;
    } catch (Deadlock deadlock) {
      throw deadlock.asBug();
    }
  }

  /** With {@code skipping} off every cycle is played: slow, for tests of the skipping. */
  static CycleResult tryRun(Design design, int frames, boolean skipping) {
    if (frames < 2) {
      throw new IllegalArgumentException("a rate needs at least two frames");
    }
    CycleModel single = new CycleModel(design, skipping);
    single.feed(1).play(1);
    CycleModel several = new CycleModel(design, skipping);
    several.feed(frames).play(frames);
    return several.counted(new Counting(frames - 1, 1), single.frames.end(0));
  }

  private CycleResult result(long latency, long cyclesPerFrame, Counting counting) {
    int frame = counting.frames() - 1;
    Map<Stream, Integer> peaks = new LinkedHashMap<>();
    queues.forEach((stream, queue) -> peaks.put(stream, queue.peak()));
    List<Long> ends = LongStream.rangeClosed(0, frame).mapToObj(f -> frames.end((int) f)).toList();
    return new CycleResult(
        latency, cyclesPerFrame, counting, ends, peaks, frames.activities(frame));
  }

  /** Says how many frames to feed. */
  private CycleModel feed(long count) {
    source.left = count == ENDLESS ? ENDLESS : count * source.beatsPerFrame;
    return this;
  }

  /** Goes on until {@code wanted} frames have left, or until it is known when they will. */
  private void play(int wanted) {
    while (frames.known() < wanted) {
      if (skipping) {
        stepSome();
      } else {
        for (UnitModel unit : units) {
          unit.step(now);
        }
      }
      memoryIsActive = memory.map(outside -> outside.step(now)).orElse(false);
      observer.ifPresent(touched::pushed);
      touched.commit(agenda);
      if (hasFrameLeft()) {
        endFrame();
      }
      now = skipping && !memoryIsActive ? agenda.earliest(now + 1) : now + 1;
      if (now == Agenda.NEVER) {
        List<String> states = queues.values().stream().map(QueueState::describe).toList();
        throw new Deadlock("the design locks up with its queues " + states);
      }
    }
  }

  /** Steps the units that may do something. */
  private void stepSome() {
    agenda.turnTo(now);
    for (int i = 0; i < arrays.size(); i++) {
      arrays.get(i).handOn(now);
    }
    int count = agenda.count();
    for (int i = 0; i < count; i++) {
      int number = agenda.unit(i);
      if (number < units.length) {
        UnitModel unit = units[number];
        if (unit.step(now)) {
          agenda.next(number);
        } else {
          agenda.at(number, unit.wakes(now));
        }
      }
    }
  }

  /** Whether the last output that a frame was waiting for is whole. */
  private boolean hasFrameLeft() {
    for (Sink sink : sinks) {
      if (sink.ahead == 0) {
        return false;
      }
    }
    return true;
  }

  private void endFrame() {
    sinks.forEach(sink -> sink.ahead--);
    long next = now + 1;
    StateRecord state = new StateRecord();
    if (source.left == ENDLESS) {
      queues.values().forEach(queue -> queue.record(state));
      arrays.forEach(array -> array.record(state, next));
      memory.ifPresent(outside -> outside.record(state, next));
      for (UnitModel unit : units) {
        unit.record(state, next);
      }
    }
    Map<String, CycleResult.Activity> activities = new LinkedHashMap<>();
    windows.forEach((name, window) -> activities.put(name, window.activity(next)));
    frames.add(now - source.first, state.numbers(), activities);
  }
}
