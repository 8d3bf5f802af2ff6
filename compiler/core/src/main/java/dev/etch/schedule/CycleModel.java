// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.Design;
import dev.etch.hardware.Stream;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WindowUnit;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Plays a design cycle by cycle, without its data: the host always has a beat to give and always
 * takes one. Every unit follows the timing contract in its record and sees only the queues' state
 * at the start of the cycle, so the prediction equals the RTL as integers. A unit that only counts
 * steps sleeps until it would do more, or a queue at one of its ends changes, or the array that it
 * shares is handed on; cycles in which all sleep are skipped.
 */
public final class CycleModel {
  /** Frames that leave before the cycles per frame are counted. */
  public static final int WARM_UP = 8;

  /** Frames over which the cycles per frame are counted. */
  public static final int COUNTED = 4;

  /** The same where designs are only compared. */
  private static final int FEWER_WARM_UP = 3;

  private static final int FEWER_COUNTED = 2;

  /** The part of a frame's time that it may be late while designs are compared. */
  private static final int LATENESS = 50;

  private final Design design;
  private final QueueState source;
  private final QueueState sink;
  private final long beatsIn;
  private final long beatsOut;
  private final Map<Stream, QueueState> queues = new LinkedHashMap<>();
  private final Map<String, UnitModel> models = new LinkedHashMap<>();
  private final List<Sleeper> sleepers = new ArrayList<>();
  private final Map<QueueState, List<Sleeper>> ends = new IdentityHashMap<>();
  private final List<QueueState> touched = new ArrayList<>();
  private final List<Long> frameEnds = new ArrayList<>();
  private long now;
  private long firstInput = -1;
  private long sent;
  private long received;

  private final boolean skipping;

  private CycleModel(Design design, boolean skipping) {
    this.design = design;
    this.skipping = skipping;
    design
        .depths()
        .forEach((stream, depth) -> queues.put(stream, new QueueState(stream, depth, touched)));
    queues.values().forEach(queue -> ends.put(queue, new ArrayList<>()));
    source = queues.get(design.input());
    sink = queues.get(design.output());
    beatsIn = design.input().beatsPerFrame();
    beatsOut = design.output().beatsPerFrame();
    UnitModels factory = new UnitModels(queues, design.arrays());
    for (Unit unit : design.units()) {
      models.put(unit.name(), unit.accept(factory));
      Sleeper sleeper = new Sleeper(models.get(unit.name()));
      sleepers.add(sleeper);
      unit.inputs().forEach(stream -> ends.get(queues.get(stream)).add(sleeper));
      unit.outputs().forEach(stream -> ends.get(queues.get(stream)).add(sleeper));
    }
  }

  /** A unit with the cycle in which it has to be looked at again. */
  private static final class Sleeper {
    private final UnitModel unit;
    private long wakes;
    private long next;

    Sleeper(UnitModel unit) {
      this.unit = unit;
    }

    /** Does the cycle if it must; returns whether the unit stays awake. */
    boolean step(long now, boolean skipping) {
      if (skipping && wakes > now && !unit.isCalled(now)) {
        return false;
      }
      if (next < now) {
        unit.skip(now - next);
      }
      next = now + 1;
      if (unit.step(now)) {
        wakes = now + 1;
        return true;
      }
      long quiet = unit.quiet(now);
      wakes = quiet == UnitModel.FOREVER ? UnitModel.FOREVER : now + 1 + quiet;
      return false;
    }
  }

  /**
   * Predicts latency, from a run of one frame, and rate: frames are fed back to back without end,
   * and the cycles between the last output handshakes of frame {@link #WARM_UP} and of the frame
   * {@link #COUNTED} later are divided by {@link #COUNTED}, see {@link #perFrame}. The source must
   * not run dry meanwhile: where layers share multipliers, the last frames have more of them.
   *
   * @throws dev.etch.diagnostic.CompilerBug if the design locks up; names the queues
   */
  public static CycleResult run(Design design) {
    try {
      CycleModel single = new CycleModel(design, true);
      single.play(1, 1);
      return endless(design, WARM_UP, COUNTED, single.frameEnds.get(0));
    } catch (Deadlock deadlock) {
      throw deadlock.asBug();
    }
  }

  /** Cycles a frame, rounded up, if {@link #COUNTED} frames took so many. */
  public static long perFrame(long cycles) {
    return perFrame(cycles, COUNTED);
  }

  private static long perFrame(long cycles, int frames) {
    return (cycles + frames - 1) / frames;
  }

  /**
   * As {@link #run(Design)}, but over fewer frames, to compare designs: the latency is the first
   * frame's with others behind it.
   */
  static CycleResult quick(Design design) {
    return endless(design, FEWER_WARM_UP, FEWER_COUNTED, 0);
  }

  /**
   * Whether a design keeps up with another, of which {@link #quick} made {@code wanted}: neither
   * rate nor latency is worse. A design whose frames leave ever later is given up before the last.
   */
  static boolean keepsUp(Design design, CycleResult wanted) {
    CycleModel model = new CycleModel(design, true);
    long tolerated = wanted.cyclesPerFrame() / LATENESS;
    for (int frame = 1; frame <= FEWER_WARM_UP + FEWER_COUNTED; frame++) {
      model.play(Integer.MAX_VALUE, frame);
      if (model.frameEnds.get(frame - 1) > wanted.frameEnds().get(frame - 1) + tolerated) {
        return false;
      }
    }
    CycleResult result = model.counted(FEWER_WARM_UP, FEWER_COUNTED, 0);
    return result.cyclesPerFrame() <= wanted.cyclesPerFrame()
        && result.latencyCycles() <= wanted.latencyCycles();
  }

  private static CycleResult endless(Design design, int warmUp, int counted, long latency) {
    CycleModel several = new CycleModel(design, true);
    several.play(Integer.MAX_VALUE, warmUp + counted);
    return several.counted(warmUp, counted, latency);
  }

  /**
   * @param latency of a frame alone; 0 if the first frame's does
   */
  private CycleResult counted(int warmUp, int counted, long latency) {
    long cycles = frameEnds.get(warmUp + counted - 1) - frameEnds.get(warmUp - 1);
    return result(latency > 0 ? latency : frameEnds.get(0), perFrame(cycles, counted));
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

  /** With {@code skipping} off every cycle is played: slow, for tests of the skipping. */
  static CycleResult tryRun(Design design, int frames, boolean skipping) {
    if (frames < 2) {
      throw new IllegalArgumentException("a rate needs at least two frames");
    }
    CycleModel single = new CycleModel(design, skipping);
    single.play(1, 1);
    CycleModel several = new CycleModel(design, skipping);
    several.play(frames, frames);
    List<Long> ends = several.frameEnds;
    return several.result(single.frameEnds.get(0), ends.get(frames - 1) - ends.get(frames - 2));
  }

  private CycleResult result(long latency, long cyclesPerFrame) {
    Map<Stream, Integer> peaks = new LinkedHashMap<>();
    queues.forEach((stream, queue) -> peaks.put(stream, queue.peak()));
    Map<String, CycleResult.Activity> activities = new LinkedHashMap<>();
    for (Unit unit : design.units()) {
      if (unit instanceof WindowUnit) {
        activities.put(unit.name(), ((WindowModel) models.get(unit.name())).activity());
      }
    }
    return new CycleResult(latency, cyclesPerFrame, frameEnds, peaks, activities);
  }

  /** Feeds {@code fed} frames until {@code wanted} have left; goes on where it stopped. */
  private void play(int fed, int wanted) {
    while (frameEnds.size() < wanted) {
      boolean active = feed(now, fed);
      active |= take(now);
      for (int i = 0; i < sleepers.size(); i++) {
        active |= sleepers.get(i).step(now, skipping);
      }
      active |= commit(now);
      now = active || !skipping ? now + 1 : awake(now);
    }
    finish(now);
  }

  /** Ends the cycle; wakes who sees a change. */
  private boolean commit(long now) {
    boolean changed = false;
    for (QueueState queue : touched) {
      if (queue.commit()) {
        changed = true;
        for (Sleeper sleeper : ends.get(queue)) {
          sleeper.wakes = Math.min(sleeper.wakes, now + 1);
        }
      }
    }
    touched.clear();
    return changed;
  }

  /** All units count the cycles that they slept through at last. */
  private void finish(long now) {
    for (Sleeper sleeper : sleepers) {
      if (sleeper.next < now) {
        sleeper.unit.skip(now - sleeper.next);
        sleeper.next = now;
      }
    }
  }

  private boolean feed(long now, int frames) {
    if (sent == frames * beatsIn || !source.canPush()) {
      return false;
    }
    source.push();
    firstInput = sent == 0 ? now : firstInput;
    sent++;
    return true;
  }

  private boolean take(long now) {
    if (!sink.canPop()) {
      return false;
    }
    sink.pop();
    received++;
    if (received % beatsOut == 0) {
      frameEnds.add(now - firstInput);
    }
    return true;
  }

  /** The next cycle in which a unit does something. */
  private long awake(long now) {
    long wakes = UnitModel.FOREVER;
    for (Sleeper sleeper : sleepers) {
      wakes = Math.min(wakes, sleeper.wakes);
    }
    if (wakes == UnitModel.FOREVER) {
      List<String> states = queues.values().stream().map(QueueState::describe).toList();
      throw new Deadlock("the design locks up with its queues " + states);
    }
    return wakes;
  }
}
