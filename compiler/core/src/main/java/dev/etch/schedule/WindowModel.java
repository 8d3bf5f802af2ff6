// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.PipelineStages;
import dev.etch.hardware.WindowBuffer;
import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.WindowWalk;
import java.util.Optional;

/** The state machine that {@link WindowUnit} documents, without its data. */
final class WindowModel implements UnitModel {
  /** As many bits as cycles matter. */
  private static final int RAN = (1 << PipelineStages.ADDRESS) - 1;

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

  /** The words from outside; null if there are none. */
  private final WindowWords words;

  /** Cycles in which the unit stood: they are in no other number of cycles here. */
  private long stood;

  /** In which of the last cycles the schedule ran, the latest lowest. */
  private int ran;

  /** The array that this shares; null if it has its own. */
  private final ArrayModel array;

  WindowModel(
      WindowUnit unit,
      QueueState input,
      QueueState output,
      ArrayModel array,
      Optional<MemoryModel.Client> beats) {
    this.words = beats.map(client -> new WindowWords(unit, client)).orElse(null);
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
    if (words == null) {
      return move(now);
    }
    boolean needs = (ran >> PipelineStages.ADDRESS - 1 & 1) != 0;
    boolean stands = needs && !words.hasWord();
    boolean gathers = words.step(needs);
    if (stands) {
      stood++;
      return true;
    }
    ran = (ran << 1 | (state == State.RUN ? 1 : 0)) & RAN;
    boolean moved = move(now - stood);
    return moved || gathers || ran != 0 || state == State.RUN;
  }

  /** A cycle in which the unit does not stand; these are counted. */
  private boolean move(long now) {
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
    long first = Math.min(wakes, completions.first());
    return first == FOREVER ? first : first + stood;
  }

  @Override
  public void record(StateRecord record, long cycle) {
    final long now = cycle - stood;
    if (words != null) {
      record.add(ran);
      words.record(record);
    }
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
    count(now - stood);
    return new CycleResult.Activity(
        busyCycles, starts, waitsForInput + stood, waitsForOutput, waitsForArray);
  }
}
