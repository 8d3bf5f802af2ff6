// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.Stream;
import java.util.function.Consumer;

/** The queues that are pushed or popped in a cycle, each once. */
final class TouchedQueues {
  private final QueueState[] queues;
  private int count;

  /** Of so many at most. */
  TouchedQueues(int most) {
    this.queues = new QueueState[most];
  }

  void add(QueueState queue) {
    queues[count++] = queue;
  }

  /** Tells of each queue that takes a beat in this cycle. */
  void pushed(Consumer<Stream> to) {
    for (int i = 0; i < count; i++) {
      if (queues[i].isPushed()) {
        to.accept(queues[i].stream());
      }
    }
  }

  /** Ends the cycle. */
  void commit(Agenda agenda) {
    for (int i = 0; i < count; i++) {
      queues[i].commit(agenda);
    }
    count = 0;
  }
}
