// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.Stream;
import java.util.List;

/** A queue in the cycle model: what units see is the state at the start of the cycle. */
final class QueueState {
  private final Stream stream;
  private final int depth;
  private int count;
  private int next;
  private int peak;
  private long pushed;
  private final List<QueueState> touched;
  private boolean isTouched;

  /** A queue that enters itself in {@code touched} when it is pushed or popped in a cycle. */
  QueueState(Stream stream, int depth, List<QueueState> touched) {
    this.stream = stream;
    this.depth = depth;
    this.touched = touched;
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

  /** Whether the units at its ends see another state from now on; ends the cycle. */
  boolean commit() {
    isTouched = false;
    final boolean couldPop = canPop();
    final boolean couldPush = canPush();
    count = next;
    if (count > peak) {
      peak = count;
    }
    return canPop() != couldPop || canPush() != couldPush;
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
