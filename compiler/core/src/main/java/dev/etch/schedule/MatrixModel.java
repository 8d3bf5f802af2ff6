// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.MatrixNetlist;
import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.MatrixUnit;
import java.util.Optional;

/** The state machine that {@link MatrixUnit} documents, without its data. */
final class MatrixModel implements UnitModel {
  private enum State {
    RUN,
    SETTLE,
    READ,
    LEAVE
  }

  private final MatrixProgram program;
  private final QueueState input;
  private final ElasticRegisters reader;
  private final Optional<PackedWords> words;
  private State state = State.RUN;

  /** Step, output, or cycle of SETTLE. */
  private int at;

  /** Elements of the frame that were fed. */
  private int fed;

  MatrixModel(
      MatrixUnit unit, QueueState input, QueueState output, Optional<MemoryModel.Client> chunks) {
    this.program = unit.program();
    this.input = input;
    this.reader = new ElasticRegisters(MatrixUnit.STAGES, output);
    this.words =
        MatrixNetlist.of(unit).stream()
            .map(stream -> new PackedWords(stream, program.lanes().size(), chunks));
  }

  @Override
  public boolean step(long now) {
    boolean moved = reader.move();
    boolean running = state == State.RUN;
    boolean goes =
        switch (state) {
          case RUN -> run();
          case SETTLE -> settle();
          case READ -> read();
          case LEAVE -> leave();
        };
    boolean fetches = words.map(w -> w.step(running && goes)).orElse(false);
    return moved || goes || fetches;
  }

  private boolean run() {
    if (!words.map(w -> w.isFilled() && w.isReady()).orElse(true)) {
      return false;
    }
    boolean feeds = fed < program.elements() && program.feeds().get(fed) == at;
    if (feeds) {
      if (!input.canPop()) {
        return false;
      }
      input.pop();
      fed++;
    }
    if (++at == program.steps()) {
      go(State.SETTLE);
    }
    return true;
  }

  private boolean settle() {
    if (++at == MatrixUnit.SETTLING) {
      go(State.READ);
    }
    return true;
  }

  private boolean read() {
    if (!reader.hasRoom()) {
      return false;
    }
    reader.take();
    if (++at == program.outputsPerCluster()) {
      go(State.LEAVE);
    }
    return true;
  }

  private boolean leave() {
    if (!reader.isEmpty(MatrixUnit.STAGES - 1)) {
      return false;
    }
    fed = 0;
    go(State.RUN);
    return true;
  }

  private void go(State next) {
    state = next;
    at = 0;
  }

  @Override
  public void record(StateRecord record, long now) {
    reader.record(record);
    record.add(state.ordinal());
    record.add(at);
    record.add(fed);
    words.ifPresent(w -> w.record(record));
  }
}
