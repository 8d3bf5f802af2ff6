// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Static timing analysis of a placed design with one clock: the longest path to each input of a
 * register, memory or multiplier from another. Arrivals are computed pin by pin in topological
 * order, as in Hitchcock, "Timing verification and the timing analysis program" (DAC 1982). Delays
 * are in picoseconds.
 */
final class TimingGraph {
  private static final int NOT_REACHED = -1;

  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final List<Edge> edges = new ArrayList<>();
  private final Map<Integer, Integer> setups = new HashMap<>();
  private final BitSet clocks = new BitSet();

  private int[] arrivals;
  private Edge[] last;

  /** A delay from pin to pin: of a wire, or through a cell. */
  private record Edge(int from, int to, int delay, boolean wire) {}

  private record Endpoint(int pin, int length) {}

  /** Adds a delay. */
  void edge(String from, String to, int delay, boolean wire) {
    edges.add(new Edge(number(from), number(to), delay, wire));
  }

  /** Adds a pin that is sampled with a clock pin, so long before it. */
  void sampled(String pin, String clock, int setup) {
    setups.merge(number(pin), setup, Math::max);
    clocks.set(number(clock));
  }

  private int number(String pin) {
    return numbers.computeIfAbsent(
        pin,
        name -> {
          names.add(name);
          return names.size() - 1;
        });
  }

  /** Computes all paths; to be called once, when the graph is complete. */
  TimingGraph analyze() {
    int pins = names.size();
    List<List<Edge>> outgoing = new ArrayList<>(Collections.nCopies(pins, List.of()));
    int[] open = new int[pins];
    for (Edge edge : edges) {
      if (!clocks.get(edge.to())) {
        if (outgoing.get(edge.from()).isEmpty()) {
          outgoing.set(edge.from(), new ArrayList<>(2));
        }
        outgoing.get(edge.from()).add(edge);
        open[edge.to()]++;
      }
    }
    arrivals = new int[pins];
    last = new Edge[pins];
    Arrays.fill(arrivals, NOT_REACHED);
    clocks.stream().forEach(clock -> arrivals[clock] = 0);
    ArrayDeque<Integer> ready = new ArrayDeque<>();
    for (int pin = 0; pin < pins; pin++) {
      if (open[pin] == 0) {
        ready.add(pin);
      }
    }
    while (!ready.isEmpty()) {
      for (Edge edge : outgoing.get(ready.remove())) {
        relax(edge);
        if (--open[edge.to()] == 0) {
          ready.add(edge.to());
        }
      }
    }
    return this;
  }

  private void relax(Edge edge) {
    int reached = arrivals[edge.from()];
    if (reached != NOT_REACHED && reached + edge.delay() > arrivals[edge.to()]) {
      arrivals[edge.to()] = reached + edge.delay();
      last[edge.to()] = edge;
    }
  }

  private List<Endpoint> endpoints() {
    List<Endpoint> all = new ArrayList<>();
    setups.forEach(
        (pin, setup) -> {
          if (arrivals[pin] != NOT_REACHED) {
            all.add(new Endpoint(pin, arrivals[pin] + setup));
          }
        });
    return all;
  }

  /** Nanoseconds of the longest path to each sampled pin, with its set-up time. */
  double[] lengths() {
    return endpoints().stream().mapToDouble(end -> nanoseconds(end.length())).sorted().toArray();
  }

  /**
   * The longest paths, of which no two begin at bits of one register and end at bits of one.
   *
   * @param packed names of registers that stand in cells with other names
   */
  List<CriticalPath> longest(int count, PackedRegisters packed) {
    List<Endpoint> ends = endpoints();
    ends.sort(
        Comparator.comparing((Endpoint end) -> -end.length())
            .thenComparing(end -> names.get(end.pin())));
    Set<List<String>> seen = new HashSet<>();
    List<CriticalPath> paths = new ArrayList<>();
    for (Endpoint end : ends) {
      CriticalPath path = path(end, packed);
      if (paths.size() < count
          && seen.add(List.of(path.unit(), path.endUnit(), path.from(), path.to()))) {
        paths.add(path);
      }
    }
    return paths;
  }

  private CriticalPath path(Endpoint end, PackedRegisters packed) {
    int[] wires = new int[1];
    int[] start = {end.pin()};
    walk(
        end.pin(),
        edge -> {
          wires[0] += edge.wire() ? edge.delay() : 0;
          start[0] = edge.from();
        });
    String from = packed.name(CellNames.cell(names.get(start[0])));
    String to = packed.name(CellNames.cell(names.get(end.pin())));
    return new CriticalPath(
        CellNames.unit(from),
        CellNames.unit(to),
        CellNames.place(from),
        CellNames.place(to),
        nanoseconds(end.length() - wires[0]),
        nanoseconds(wires[0]));
  }

  private void walk(int end, Consumer<Edge> visitor) {
    for (Edge edge = last[end]; edge != null; edge = last[edge.from()]) {
      visitor.accept(edge);
    }
  }

  private static double nanoseconds(int picoseconds) {
    return picoseconds / 1000.0;
  }
}
