// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.WindowBuffer;
import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.WindowWalk;

/** The state machine that {@link WindowUnit} documents, without its data. */
final class WindowModel implements UnitModel {
  private enum State {
    IDLE,
    RUN,
    PAUSE
  }

  private final QueueState input;
  private final QueueState output;
  private final WindowBuffer buffer;
  private final WindowWalk walk;
  private final int steps;
  private final int pause;
  private final int lastDrain;
  private final int beatsPerPixel;
  private final int reorderPixels;

  private int writeRow;
  private int writeColumn;
  private int writeBeat;
  private long level;
  private long occupied;
  private int releasedBefore;

  private State state = State.IDLE;

  /** Cycle in which the state began, with its step 0. */
  private long since;

  private int pixelRow;
  private int pixelColumn;
  private int inFlight;

  /** Cycles in which pixels are seen complete. */
  private final Completions completions;

  private int complete;
  private int fetchedBeats;

  /** Whether the serializer holds a beat. */
  private boolean holds;

  /** The cycle up to which cycles are counted. */
  private long counted;

  private long busyCycles;
  private long starts;
  private long waitsForInput;
  private long waitsForOutput;
  private long waitsForArray;

  /** The array that this shares; null if it has its own. */
  private final ArrayModel array;

  WindowModel(WindowUnit unit, QueueState input, QueueState output, ArrayModel array) {
    this.array = array;
    this.input = input;
    this.output = output;
    this.buffer = unit.buffer();
    this.walk = unit.walk();
    this.steps = unit.program().steps();
    this.pause = unit.program().pause();
    this.lastDrain = unit.program().lastDrain();
    this.beatsPerPixel = unit.program().outputsPerCluster();
    this.reorderPixels = unit.reorderPixels();
    this.completions = new Completions(reorderPixels);
  }

  @Override
  public boolean step(long now) {
    count(now + 1);
    final boolean starting = array == null ? asks(now) : array.grants(this, now);
    complete += completions.until(now);
    final boolean wrote = write();
    final boolean releasing = state == State.RUN && lastSlot(now);
    final int released = releasing ? release() : 0;
    final boolean sequenced = sequence(now, starting);
    final boolean serialized = serialize();
    final boolean shrinks = releasedBefore != 0;
    level += (wrote ? 1 : 0) - released;
    occupied += (wrote ? 1 : 0) - releasedBefore;
    releasedBefore = released;
    return wrote || sequenced || serialized || shrinks || released != 0;
  }

  private boolean write() {
    final boolean begins = writeRow == 0 && writeColumn == 0 && writeBeat == 0;
    if (occupied >= buffer.depth() || (begins && !input.canPop())) {
      return false;
    }
    int row = writeRow - buffer.padTop();
    int column = writeColumn - buffer.padLeft();
    boolean padding = row < 0 || row >= buffer.height() || column < 0 || column >= buffer.width();
    if (!padding) {
      if (!input.canPop()) {
        return false;
      }
      input.pop();
    }
    if (++writeBeat == buffer.beatsPerPixel()) {
      writeBeat = 0;
      if (++writeColumn == buffer.paddedWidth()) {
        writeColumn = 0;
        writeRow = (writeRow + 1) % buffer.paddedHeight();
      }
    }
    return true;
  }

  /** Whether it decides in this cycle and a pixel may start. */
  boolean asks(long now) {
    if (!lastSlot(now) || inFlight >= reorderPixels) {
      return false;
    }
    return level - (state == State.RUN ? nextStep() : 0) >= walk.span();
  }

  /** Cycles that a pixel takes. */
  int steps() {
    return steps;
  }

  private boolean lastSlot(long now) {
    return state == State.IDLE || now - since == slots() - 1;
  }

  private int slots() {
    return state == State.RUN ? steps : pause;
  }

  /** Beats that the running pixel releases. */
  private int nextStep() {
    if (pixelColumn < walk.outputWidth() - 1) {
      return walk.pixelStep();
    }
    return pixelRow < walk.outputHeight() - 1 ? walk.rowStep() : walk.frameStep();
  }

  private int release() {
    final int released = nextStep();
    if (++pixelColumn == walk.outputWidth()) {
      pixelColumn = 0;
      pixelRow = (pixelRow + 1) % walk.outputHeight();
    }
    return released;
  }

  /** Moves to the next state; returns whether more than a step was counted. */
  private boolean sequence(long now, boolean starting) {
    if (!lastSlot(now)) {
      return false;
    }
    State before = state;
    since = now + 1;
    if (starting) {
      state = State.RUN;
      starts++;
      inFlight++;
      completions.add(now + 1 + lastDrain + WindowUnit.COMPLETION_DELAY);
      return true;
    }
    state = before == State.RUN && pause > 0 ? State.PAUSE : State.IDLE;
    return before != State.IDLE;
  }

  /** Counts the cycles before {@code end} that are not counted yet: nothing has changed in them. */
  void count(long end) {
    long cycles = end - counted;
    counted = end;
    if (state == State.RUN) {
      busyCycles += cycles;
    } else if (inFlight >= reorderPixels) {
      waitsForOutput += cycles;
    } else if (state == State.IDLE && level >= walk.span()) {
      waitsForArray += cycles;
    } else {
      waitsForInput += cycles;
    }
  }

  private boolean serialize() {
    final boolean pushes = holds && output.canPush();
    if (pushes) {
      output.push();
    }
    final boolean fetches = complete > 0 && (!holds || pushes);
    if (fetches && ++fetchedBeats == beatsPerPixel) {
      fetchedBeats = 0;
      complete--;
      inFlight--;
    }
    holds = fetches || (holds && !pushes);
    return pushes || fetches;
  }

  @Override
  public long wakes(long now) {
    long wakes = state == State.IDLE ? FOREVER : since + slots() - 1;
    return Math.min(wakes, completions.first());
  }

  @Override
  public void record(StateRecord record, long now) {
    record.add(writeRow);
    record.add(writeColumn);
    record.add(writeBeat);
    record.add(level);
    record.add(occupied);
    record.add(releasedBefore);
    record.add(state.ordinal());
    record.add(state == State.IDLE ? 0 : now - since);
    record.add(pixelRow);
    record.add(pixelColumn);
    record.add(inFlight);
    record.add(complete);
    record.add(fetchedBeats);
    record.add(holds ? 1 : 0);
    completions.record(record, now);
  }

  /** Up to the cycle before {@code now}. */
  CycleResult.Activity activity(long now) {
    count(now);
    return new CycleResult.Activity(
        busyCycles, starts, waitsForInput, waitsForOutput, waitsForArray);
  }
}
