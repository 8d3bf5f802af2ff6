// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.SelectUnit;

/** Writer, memory and reader of a {@link SelectUnit}. */
final class SelectModel implements UnitModel {
  private final SelectUnit unit;
  private final QueueState input;
  private final QueueState output;
  private final boolean[] used;
  private final boolean[] valid = new boolean[SelectUnit.STAGES];
  private final boolean[] releases = new boolean[SelectUnit.STAGES];
  private final int beatsOfRow;
  private int occupied;
  private int ready;
  private int writtenBeat;
  private int writtenRow;
  private int readBeat;
  private int readRow;

  SelectModel(SelectUnit unit, QueueState input, QueueState output) {
    this.unit = unit;
    this.input = input;
    this.output = output;
    this.beatsOfRow = unit.columns().size() * unit.places().size();
    this.used = new boolean[unit.inputRows()];
    unit.rows().forEach(row -> used[row] = true);
  }

  @Override
  public boolean step(long now) {
    boolean mayRead = ready > 0;
    boolean mayWrite = occupied < SelectUnit.SLOTS && input.canPop();
    boolean active = move(mayRead);
    if (mayWrite) {
      write();
    }
    return active || mayWrite;
  }

  @Override
  public void record(StateRecord state, long now) {
    state.add(valid);
    state.add(releases);
    state.add(occupied);
    state.add(ready);
    state.add(writtenBeat);
    state.add(writtenRow);
    state.add(readBeat);
    state.add(readRow);
  }

  private boolean move(boolean mayRead) {
    int last = SelectUnit.STAGES - 1;
    boolean active = false;
    boolean room = output.canPush();
    for (int stage = last; stage >= 0; stage--) {
      if (valid[stage] && room) {
        active = true;
        valid[stage] = false;
        if (stage == last) {
          output.push();
        } else {
          valid[stage + 1] = true;
          releases[stage + 1] = releases[stage];
          occupied -= stage + 1 == last && releases[stage] ? 1 : 0;
        }
      }
      room = !valid[stage];
    }
    if (mayRead && room) {
      active = true;
      take();
    }
    return active;
  }

  private void take() {
    boolean endOfRow = ++readBeat == beatsOfRow;
    valid[0] = true;
    releases[0] = endOfRow && unit.isLastCopy(readRow);
    ready -= releases[0] ? 1 : 0;
    if (endOfRow) {
      readBeat = 0;
      readRow = (readRow + 1) % unit.rows().size();
    }
  }

  private void write() {
    input.pop();
    if (++writtenBeat < unit.rowBeats()) {
      return;
    }
    writtenBeat = 0;
    if (used[writtenRow]) {
      occupied++;
      ready++;
    }
    writtenRow = (writtenRow + 1) % used.length;
  }
}
