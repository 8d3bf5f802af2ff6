// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.Design;
import dev.etch.hardware.Stream;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WindowUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Plays a design cycle by cycle, without its data: the host always has a beat to give and always
 * takes one. Every unit follows the timing contract in its record and sees only the queues' state
 * at the start of the cycle, so the prediction equals the RTL as integers. Stretches in which all
 * units only count steps are skipped.
 */
public final class CycleModel {
  /** Frames fed back to back to find the cycles per frame. */
  public static final int FRAMES = 6;

  private final Design design;
  private final Map<Stream, QueueState> queues = new LinkedHashMap<>();
  private final Map<String, UnitModel> models = new LinkedHashMap<>();
  private final UnitModel[] units;
  private final QueueState[] allQueues;
  private final List<Long> frameEnds = new ArrayList<>();
  private long firstInput = -1;
  private long sent;
  private long received;

  private final boolean skipping;

  private CycleModel(Design design, boolean skipping) {
    this.design = design;
    this.skipping = skipping;
    design.depths().forEach((stream, depth) -> queues.put(stream, new QueueState(stream, depth)));
    UnitModels factory = new UnitModels(queues);
    for (Unit unit : design.units()) {
      models.put(unit.name(), unit.accept(factory));
    }
    units = models.values().toArray(UnitModel[]::new);
    allQueues = queues.values().toArray(QueueState[]::new);
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
    long now = 0;
    while (frameEnds.size() < frames) {
      boolean active = feed(now, frames);
      active |= take(now);
      for (UnitModel unit : units) {
        active |= unit.step(now);
      }
      for (QueueState queue : allQueues) {
        queue.commit();
      }
      if (!active) {
        now += skip(now);
      }
      now++;
    }
  }

  private boolean feed(long now, int frames) {
    QueueState queue = queues.get(design.input());
    if (sent == (long) frames * design.input().beatsPerFrame() || !queue.canPush()) {
      return false;
    }
    queue.push();
    firstInput = sent == 0 ? now : firstInput;
    sent++;
    return true;
  }

  private boolean take(long now) {
    QueueState queue = queues.get(design.output());
    if (!queue.canPop()) {
      return false;
    }
    queue.pop();
    received++;
    if (received % design.output().beatsPerFrame() == 0) {
      frameEnds.add(now - firstInput);
    }
    return true;
  }

  private long skip(long now) {
    long quiet = UnitModel.FOREVER;
    for (UnitModel unit : units) {
      quiet = Math.min(quiet, unit.quiet(now));
    }
    if (quiet == UnitModel.FOREVER) {
      List<String> states = queues.values().stream().map(QueueState::describe).toList();
      throw new Deadlock("the design locks up with its queues " + states);
    }
    if (!skipping) {
      return 0;
    }
    for (UnitModel unit : units) {
      unit.skip(quiet);
    }
    return quiet;
  }
}
