// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.SoftmaxUnit;

/** The three steps of a {@link SoftmaxUnit}. */
final class SoftmaxModel implements UnitModel {
  private final QueueState input;
  private final QueueState output;
  private final int elements;
  private final int busyCycles;
  private final boolean[] valid;
  private State state = State.LOAD;
  private int loaded;
  private int emitted;
  private long emitsFrom;

  private enum State {
    LOAD,
    SUM,
    EMIT
  }

  SoftmaxModel(SoftmaxUnit unit, QueueState input, QueueState output) {
    this.input = input;
    this.output = output;
    this.elements = unit.elements();
    this.busyCycles = unit.form().busyCycles(elements);
    this.valid = new boolean[unit.form().stages()];
  }

  @Override
  public boolean step(long now) {
    if (state == State.SUM && now >= emitsFrom) {
      state = State.EMIT;
    }
    boolean isEmpty = isEmpty();
    boolean moved = move();
    if (state == State.LOAD && isEmpty && input.canPop()) {
      load(now);
      return true;
    }
    if (state == State.EMIT && !valid[0]) {
      emit();
      return true;
    }
    return moved;
  }

  private boolean isEmpty() {
    for (boolean stage : valid) {
      if (stage) {
        return false;
      }
    }
    return true;
  }

  private boolean move() {
    boolean moved = false;
    boolean room = output.canPush();
    for (int stage = valid.length - 1; stage >= 0; stage--) {
      if (valid[stage] && room) {
        moved = true;
        valid[stage] = false;
        if (stage == valid.length - 1) {
          output.push();
        } else {
          valid[stage + 1] = true;
        }
      }
      room = !valid[stage];
    }
    return moved;
  }

  private void load(long now) {
    input.pop();
    if (++loaded == elements) {
      loaded = 0;
      state = State.SUM;
      emitsFrom = now + 1 + busyCycles;
    }
  }

  private void emit() {
    valid[0] = true;
    if (++emitted == elements) {
      emitted = 0;
      state = State.LOAD;
    }
  }

  @Override
  public long wakes(long now) {
    return state == State.SUM ? emitsFrom : FOREVER;
  }

  @Override
  public void record(StateRecord record, long now) {
    record.add(state.ordinal());
    record.add(loaded);
    record.add(emitted);
    record.add(state == State.SUM ? emitsFrom - now : 0);
    record.add(valid);
  }
}
