// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The beats that were pushed into queues, read from a value change dump (IEEE 1364 clause 18) of
 * our simulator: time 10 c holds the values before the rising edge of cycle c, time 10 c + 5 those
 * after it. A queue is an instance named {@code queue_<stream>} with the ports {@code push_valid},
 * {@code push_ready} and {@code push_payload}, at any depth.
 */
final class QueueTrace {
  private static final int TIMES_PER_CYCLE = 10;
  private static final String INSTANCE = "queue_";

  private final long begin;
  private final Map<String, Queue> queues = new LinkedHashMap<>();
  private final Map<String, List<Signal>> signals = new HashMap<>();

  /** A beat that a queue took. */
  record Push(long cycle, BigInteger payload) {}

  /** One variable of the dump that is watched. */
  private static final class Signal {
    private String value = "0";

    boolean isHigh() {
      return value.equals("1");
    }
  }

  private static final class Queue {
    private final Signal valid = new Signal();
    private final Signal ready = new Signal();
    private final Signal payload = new Signal();
    private boolean hasPayload;
    private final List<Push> pushes = new ArrayList<>();
  }

  private QueueTrace(Collection<String> streams, long begin) {
    this.begin = begin;
    streams.forEach(s -> queues.put(s, new Queue()));
  }

  /**
   * Reads a dump; the streams that the dump does not have, have no pushes.
   *
   * @param begin the first cycle that counts; before, in reset, the queues' flags mean nothing
   */
  static QueueTrace read(Path file, Collection<String> streams, long begin) throws IOException {
    QueueTrace trace = new QueueTrace(streams, begin);
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      trace.readHeader(reader);
      trace.readChanges(reader);
    }
    return trace;
  }

  /** Beats that the queue of a stream took, in order. */
  List<Push> pushes(String stream) {
    return queues.get(stream).pushes;
  }

  /** Whether the dump has the data of a stream; a queue whose data nobody uses has none. */
  boolean hasPayload(String stream) {
    return queues.get(stream).hasPayload;
  }

  private void readHeader(BufferedReader reader) throws IOException {
    Deque<String> scopes = new ArrayDeque<>();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      String[] words = line.strip().split("\\s+", -1);
      switch (words[0]) {
        case "$scope" -> scopes.push(words[2]);
        case "$upscope" -> scopes.pop();
        case "$var" -> declare(scopes.peek(), words[4], words[3]);
        case "$enddefinitions" -> {
          return;
        }
        default -> {}
      }
    }
  }

  private void declare(String scope, String variable, String code) {
    if (scope == null || !scope.startsWith(INSTANCE)) {
      return;
    }
    Queue queue = queues.get(scope.substring(INSTANCE.length()));
    if (queue == null) {
      return;
    }
    Signal signal =
        switch (variable) {
          case "push_valid" -> queue.valid;
          case "push_ready" -> queue.ready;
          case "push_payload" -> queue.payload;
          default -> null;
        };
    queue.hasPayload |= signal == queue.payload;
    if (signal != null) {
      signals.computeIfAbsent(code, c -> new ArrayList<>()).add(signal);
    }
  }

  private void readChanges(BufferedReader reader) throws IOException {
    long time = -1;
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.isEmpty()) {
        continue;
      }
      char kind = line.charAt(0);
      if (kind == '#') {
        long next = Long.parseLong(line.substring(1).strip());
        sampleUntil(time, next);
        time = next;
      } else if (kind == 'b') {
        int space = line.indexOf(' ');
        assign(line.substring(space + 1), line.substring(1, space));
      } else if (kind == '0' || kind == '1') {
        assign(line.substring(1), line.substring(0, 1));
      }
    }
    sampleUntil(time, time + 1);
  }

  private void assign(String code, String value) {
    for (Signal signal : signals.getOrDefault(code, List.of())) {
      signal.value = value;
    }
  }

  /** Takes the handshakes of the times {@code [from, to)} that stand before a rising edge. */
  private void sampleUntil(long from, long to) {
    if (from < 0) {
      return;
    }
    for (long t = (from + TIMES_PER_CYCLE - 1) / TIMES_PER_CYCLE * TIMES_PER_CYCLE;
        t < to;
        t += TIMES_PER_CYCLE) {
      if (t / TIMES_PER_CYCLE < begin) {
        continue;
      }
      for (Queue queue : queues.values()) {
        if (queue.valid.isHigh() && queue.ready.isHigh()) {
          queue.pushes.add(new Push(t / TIMES_PER_CYCLE, new BigInteger(queue.payload.value, 2)));
        }
      }
    }
  }
}
