// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.Stream;
import java.util.ArrayList;
import java.util.List;

/** A queue in the cycle model: what units see is the state at the start of the cycle. */
final class QueueState {
  private final Stream stream;
  private final int depth;
  private int count;
  private int next;
  private int peak;
  private long pushed;
  private List<QueueState> changed = new ArrayList<>();
  private boolean isChanged;

  QueueState(Stream stream, int depth) {
    this.stream = stream;
    this.depth = depth;
  }

  /** From now on the queue enters itself into {@code list} when it is pushed or popped. */
  void reportTo(List<QueueState> list) {
    changed = list;
  }

  boolean canPush() {
    return count < depth;
  }

  boolean canPop() {
    return count > 0;
  }

  void push() {
    next++;
    pushed++;
    report();
  }

  void pop() {
    next--;
    report();
  }

  private void report() {
    if (!isChanged) {
      isChanged = true;
      changed.add(this);
    }
  }

  /** Ends the cycle. */
  void commit() {
    isChanged = false;
    count = next;
    if (count > peak) {
      peak = count;
    }
  }

  int peak() {
    return peak;
  }

  long pushed() {
    return pushed;
  }

  /** For the message of a deadlock. */
  String describe() {
    String state = count == 0 ? "empty" : count >= depth ? "full" : count + " of " + depth;
    return stream.name() + " (" + state + ")";
  }
}
