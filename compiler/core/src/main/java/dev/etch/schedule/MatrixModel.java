// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.MatrixNetlist;
import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.MatrixUnit;
import java.util.Optional;

/** The state machine that {@link MatrixUnit} documents, without its data. */
final class MatrixModel implements UnitModel {
  private enum Adding {
    RUN,
    SETTLE,
    /** The other machine has its turn; not if the unit is ahead. */
    WAIT
  }

  private enum Reading {
    IDLE,
    READ,
    LEAVE
  }

  private final MatrixProgram program;
  private final boolean ahead;
  private final QueueState input;
  private final ElasticRegisters reader;
  private final Optional<PackedWords> words;
  private Adding adding = Adding.RUN;
  private Reading reading = Reading.IDLE;

  /** Step, or cycle of SETTLE. */
  private int at;

  /** The next output of READ. */
  private int output;

  /** Beats of the frame that were fed. */
  private int fed;

  MatrixModel(
      MatrixUnit unit, QueueState input, QueueState output, Optional<MemoryModel.Client> chunks) {
    this.program = unit.program();
    this.ahead = unit.ahead();
    this.input = input;
    this.reader = new ElasticRegisters(MatrixUnit.STAGES, output);
    this.words =
        MatrixNetlist.of(unit).stream()
            .map(stream -> new PackedWords(stream, program.lanes().size(), chunks));
  }

  @Override
  public boolean step(long now) {
    boolean moved = reader.move();
    boolean running = adding == Adding.RUN;
    Reading before = reading;
    boolean read =
        switch (before) {
          case IDLE -> false;
          case READ -> read();
          case LEAVE -> leave();
        };
    boolean added =
        switch (adding) {
          case RUN -> run();
          case SETTLE -> settle(before);
          case WAIT -> false;
        };
    if (!ahead && before == Reading.LEAVE && reading == Reading.IDLE) {
      begin();
    }
    boolean fetches = words.map(w -> w.step(running && added)).orElse(false);
    return moved || read || added || fetches;
  }

  private boolean run() {
    if (!words.map(w -> w.isFilled() && w.isReady()).orElse(true)) {
      return false;
    }
    boolean feeds = fed < program.beats() && program.feeds().get(fed) == at;
    if (feeds) {
      if (!input.canPop()) {
        return false;
      }
      input.pop();
      fed++;
    }
    if (++at == program.steps()) {
      adding = Adding.SETTLE;
      at = 0;
    }
    return true;
  }

  /**
   * @param before what the other machine did when the cycle began
   */
  private boolean settle(Reading before) {
    if (at < MatrixUnit.SETTLING - 1) {
      at++;
      return true;
    }
    if (before != Reading.IDLE) {
      return false;
    }
    reading = Reading.READ;
    output = 0;
    adding = Adding.WAIT;
    if (ahead) {
      begin();
    }
    return true;
  }

  private void begin() {
    adding = Adding.RUN;
    at = 0;
    fed = 0;
  }

  private boolean read() {
    if (!reader.hasRoom()) {
      return false;
    }
    reader.take();
    if (++output == program.outputsPerCluster()) {
      reading = Reading.LEAVE;
    }
    return true;
  }

  private boolean leave() {
    if (!reader.isEmpty(MatrixUnit.STAGES - 1)) {
      return false;
    }
    reading = Reading.IDLE;
    return true;
  }

  @Override
  public void record(StateRecord record, long now) {
    reader.record(record);
    record.add(adding.ordinal());
    record.add(reading.ordinal());
    record.add(at);
    record.add(output);
    record.add(fed);
    words.ifPresent(w -> w.record(record));
  }
}
