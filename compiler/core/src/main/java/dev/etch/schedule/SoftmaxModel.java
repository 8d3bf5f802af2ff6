// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.SoftmaxUnit;

/** The three steps of a {@link SoftmaxUnit}. */
final class SoftmaxModel implements UnitModel {
  private final QueueState input;
  private final int elements;
  private final int busyCycles;
  private final ElasticRegisters registers;
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
    this.elements = unit.elements();
    this.busyCycles = unit.form().busyCycles(elements);
    this.registers = new ElasticRegisters(unit.form().stages(), output);
  }

  @Override
  public boolean step(long now) {
    if (state == State.SUM && now >= emitsFrom) {
      state = State.EMIT;
    }
    boolean isEmpty = registers.isEmpty();
    boolean moved = registers.move();
    if (state == State.LOAD && isEmpty && input.canPop()) {
      load(now);
      return true;
    }
    if (state == State.EMIT && registers.hasRoom()) {
      emit();
      return true;
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
    registers.take();
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
    registers.record(record);
  }
}
