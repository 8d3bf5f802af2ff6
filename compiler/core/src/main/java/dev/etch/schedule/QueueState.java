// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.hardware.Stream;

/** A queue in the cycle model: what units see is the state at the start of the cycle. */
final class QueueState {
  private final Stream stream;
  private int depth;
  private int count;
  private int next;
  private int peak;
  private final TouchedQueues touched;
  private boolean isTouched;
  private boolean isPushed;
  private int writer;
  private int reader;

  /** A queue that enters itself in {@code touched} when it is pushed or popped in a cycle. */
  QueueState(Stream stream, int depth, TouchedQueues touched) {
    this.stream = stream;
    this.depth = depth;
    this.touched = touched;
  }

  /**
   * Takes another depth, of more beats than there ever were: nothing that has happened would have
   * been different.
   */
  void bound(int beats) {
    if (beats <= peak) {
      throw new CompilerBug("a queue of " + peak + " beats has room for " + beats);
    }
    depth = beats;
  }

  /** The unit that pushes, by its number. */
  void writtenBy(int unit) {
    writer = unit;
  }

  /** The unit that pops, by its number. */
  void readBy(int unit) {
    reader = unit;
  }

  boolean canPush() {
    return count < depth;
  }

  boolean canPop() {
    return count > 0;
  }

  void push() {
    next++;
    isPushed = true;
    touch();
  }

  void pop() {
    next--;
    touch();
  }

  private void touch() {
    if (!isTouched) {
      isTouched = true;
      touched.add(this);
    }
  }

  Stream stream() {
    return stream;
  }

  /** Whether a beat is pushed in this cycle. */
  boolean isPushed() {
    return isPushed;
  }

  /** Ends the cycle; enters the unit that may go on from now on. */
  void commit(Agenda agenda) {
    isTouched = false;
    isPushed = false;
    if (count == 0 && next > 0) {
      agenda.next(reader);
    }
    if (count == depth && next < depth) {
      agenda.next(writer);
    }
    count = next;
    if (count > peak) {
      peak = count;
    }
  }

  int peak() {
    return peak;
  }

  void record(StateRecord state) {
    state.add(count);
  }

  /** For the message of a deadlock. */
  String describe() {
    String state = count == 0 ? "empty" : count >= depth ? "full" : count + " of " + depth;
    return stream.name() + " (" + state + ")";
  }
}
