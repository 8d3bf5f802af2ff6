// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.Design;
import dev.etch.hardware.Stream;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WindowUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Plays a design cycle by cycle, without its data: the host always has a beat to give and always
 * takes one. Every unit follows the timing contract in its record and sees only the queues' state
 * at the start of the cycle, so the prediction equals the RTL as integers. A unit that only counts
 * steps, or waits, sleeps until it has counted enough or one of its queues lets it go on.
 */
public final class CycleModel {
  /** Frames fed back to back to find the cycles per frame. */
  public static final int FRAMES = 6;

  private final Design design;
  private final Map<Stream, QueueState> queues = new LinkedHashMap<>();
  private final Map<String, UnitModel> models = new LinkedHashMap<>();
  private final UnitModel[] units;
  private final List<QueueState> changed = new ArrayList<>();
  private final Map<QueueState, Integer> readers = new IdentityHashMap<>();
  private final Map<QueueState, Integer> writers = new IdentityHashMap<>();

  /** For each unit the next cycle in which it has to be stepped, and the last in which it was. */
  private final long[] wake;

  private final long[] stepped;
  private final List<Long> frameEnds = new ArrayList<>();
  private long firstInput = -1;
  private final QueueState inputQueue;
  private final QueueState outputQueue;
  private long toSend;
  private long sent;
  private long received;

  private final boolean skipping;

  private CycleModel(Design design, boolean skipping) {
    this.design = design;
    this.skipping = skipping;
    design.depths().forEach((stream, depth) -> queues.put(stream, new QueueState(stream, depth)));
    inputQueue = queues.get(design.input());
    outputQueue = queues.get(design.output());
    UnitModels factory = new UnitModels(queues);
    for (Unit unit : design.units()) {
      models.put(unit.name(), unit.accept(factory));
    }
    units = models.values().toArray(UnitModel[]::new);
    wake = new long[units.length];
    stepped = new long[units.length];
    Arrays.fill(stepped, -1);
    queues.values().forEach(queue -> queue.reportTo(changed));
    for (int i = 0; i < units.length; i++) {
      int unit = i;
      design.units().get(i).inputs().forEach(stream -> readers.put(queues.get(stream), unit));
      design.units().get(i).outputs().forEach(stream -> writers.put(queues.get(stream), unit));
    }
  }

  /**
   * Predicts latency (from a run of one frame) and rate (from a run of {@code frames} frames).
   *
   * @param frames at least 2
   * @throws dev.etch.diagnostic.CompilerBug if the design locks up; names the queues
   */
  public static CycleResult run(Design design, int frames) {
    try {
      return tryRun(design, frames);
    } catch (Deadlock deadlock) {
      throw deadlock.asBug();
    }
  }

  /** As {@link #run(Design, int)} with {@link #FRAMES} frames. */
  public static CycleResult run(Design design) {
    return run(design, FRAMES);
  }

  static CycleResult tryRun(Design design, int frames) {
    return tryRun(design, frames, true);
  }

  /** With {@code skipping} off every cycle is played: slow, for tests of the skipping. */
  static CycleResult tryRun(Design design, int frames, boolean skipping) {
    if (frames < 2) {
      throw new IllegalArgumentException("a rate needs at least two frames");
    }
    CycleModel single = new CycleModel(design, skipping);
    single.play(1);
    CycleModel several = new CycleModel(design, skipping);
    several.play(frames);
    return several.result(single.frameEnds.get(0));
  }

  private CycleResult result(long latency) {
    Map<Stream, Integer> peaks = new LinkedHashMap<>();
    queues.forEach((stream, queue) -> peaks.put(stream, queue.peak()));
    Map<String, CycleResult.Activity> activities = new LinkedHashMap<>();
    for (Unit unit : design.units()) {
      if (unit instanceof WindowUnit) {
        activities.put(unit.name(), ((WindowModel) models.get(unit.name())).activity());
      }
    }
    int last = frameEnds.size() - 1;
    return new CycleResult(
        latency, frameEnds.get(last) - frameEnds.get(last - 1), frameEnds, peaks, activities);
  }

  private void play(int frames) {
    toSend = (long) frames * design.input().beatsPerFrame();
    long now = 0;
    while (frameEnds.size() < frames) {
      boolean active = feed(now);
      active |= take(now);
      for (int i = 0; i < units.length; i++) {
        if (wake[i] <= now || !skipping) {
          step(i, now);
        }
      }
      commit(now);
      now = active || frameEnds.size() >= frames ? now + 1 : next(now);
    }
    for (int i = 0; i < units.length; i++) {
      catchUp(i, now);
    }
  }

  private void step(int i, long now) {
    catchUp(i, now);
    stepped[i] = now;
    boolean active = units[i].step(now);
    long quiet = active ? 0 : units[i].quiet(now);
    wake[i] = quiet == UnitModel.FOREVER ? quiet : now + 1 + quiet;
  }

  /** Plays the cycles before {@code now} in which the unit slept. */
  private void catchUp(int i, long now) {
    long slept = now - 1 - stepped[i];
    if (slept > 0) {
      units[i].skip(slept);
      stepped[i] = now - 1;
    }
  }

  /** Ends the cycle: whoever can read or write again is woken. */
  private void commit(long now) {
    for (QueueState queue : changed) {
      boolean couldPop = queue.canPop();
      boolean couldPush = queue.canPush();
      queue.commit();
      if (queue.canPop() != couldPop) {
        rouse(readers.get(queue), now + 1);
      }
      if (queue.canPush() != couldPush) {
        rouse(writers.get(queue), now + 1);
      }
    }
    changed.clear();
  }

  /** The host, at both ends of the design, never sleeps. */
  private void rouse(Integer unit, long when) {
    if (unit != null && wake[unit] > when) {
      wake[unit] = when;
    }
  }

  /** The next cycle in which anything can happen. */
  private long next(long now) {
    long next = UnitModel.FOREVER;
    for (long when : wake) {
      next = Math.min(next, when);
    }
    boolean hostGoesOn = outputQueue.canPop() || mayFeed();
    if (next == UnitModel.FOREVER && !hostGoesOn) {
      List<String> states = queues.values().stream().map(QueueState::describe).toList();
      throw new Deadlock("the design locks up with its queues " + states);
    }
    return skipping && !hostGoesOn ? next : now + 1;
  }

  private boolean mayFeed() {
    return sent < toSend && inputQueue.canPush();
  }

  private boolean feed(long now) {
    if (!mayFeed()) {
      return false;
    }
    inputQueue.push();
    firstInput = sent == 0 ? now : firstInput;
    sent++;
    return true;
  }

  private boolean take(long now) {
    if (!outputQueue.canPop()) {
      return false;
    }
    outputQueue.pop();
    received++;
    if (received % design.output().beatsPerFrame() == 0) {
      frameEnds.add(now - firstInput);
    }
    return true;
  }
}
