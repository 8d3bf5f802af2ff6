// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.MatrixProgram.Place;
import dev.etch.lower.MacProblem;
import dev.etch.lower.MacProblem.Term;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * Which output is summed in which lane and row. The outputs of a cluster go to its lanes, longest
 * first to the lane that has the fewest terms (Graham's LPT rule, 1969). Where lanes have unequal
 * numbers of outputs, that leaves those with more of them longer, so outputs are exchanged between
 * the longest and the shortest lane then, as long as that makes both more alike. Rows are numbered
 * in the order in which a frame first adds to them.
 *
 * @param places of each cluster's outputs, in order
 * @param lanes of all clusters, cluster by cluster: the terms of each, in the order of elements,
 *     then of rows
 * @param rows of the lane that has the most
 */
record MatrixRows(List<List<Place>> places, List<Entry[]> lanes, int rows) {

  /** A nonzero weight. */
  record Entry(int element, int row, int weight) {}

  /** Terms of an output. */
  private record Output(int number, List<Term> terms) {
    int size() {
      return terms.size();
    }

    int firstElement() {
      return terms.isEmpty() ? Integer.MAX_VALUE : terms.get(0).address();
    }
  }

  private static final class Load {
    private final int lane;
    private final List<Output> outputs = new ArrayList<>();
    private long terms;

    Load(int lane) {
      this.lane = lane;
    }

    void add(Output output) {
      outputs.add(output);
      terms += output.size();
    }

    /** Gives an output for another. */
    void exchange(Output given, Output taken) {
      outputs.set(outputs.indexOf(given), taken);
      terms += taken.size() - given.size();
    }
  }

  /** Spreads the outputs of a problem whose terms have addresses of elements. */
  static MatrixRows of(MacProblem problem) {
    List<List<Place>> places = new ArrayList<>();
    List<Entry[]> lanes = new ArrayList<>();
    int rows = 1;
    for (int cluster = 0; cluster < problem.clusters(); cluster++) {
      Place[] ofCluster = new Place[problem.outputsPerCluster()];
      for (Load load : spread(problem, cluster)) {
        rows = Math.max(rows, load.outputs.size());
        lanes.add(entries(load, ofCluster));
      }
      places.add(List.of(ofCluster));
    }
    return new MatrixRows(places, lanes, rows);
  }

  private static List<Load> spread(MacProblem problem, int cluster) {
    int lanes = problem.portsPerCluster();
    int mostRows = (problem.outputsPerCluster() + lanes - 1) / lanes;
    List<Output> outputs = new ArrayList<>();
    for (int o = 0; o < problem.outputsPerCluster(); o++) {
      outputs.add(new Output(o, problem.terms(cluster, o)));
    }
    outputs.sort(Comparator.comparingInt(Output::size).reversed());
    List<Load> loads = new ArrayList<>();
    for (int lane = 0; lane < lanes; lane++) {
      loads.add(new Load(lane));
    }
    PriorityQueue<Load> open =
        new PriorityQueue<>(
            Comparator.comparingLong((Load l) -> l.terms).thenComparingInt(l -> l.lane));
    open.addAll(loads);
    for (Output output : outputs) {
      Load least = open.remove();
      least.add(output);
      if (least.outputs.size() < mostRows) {
        open.add(least);
      }
    }
    for (int i = 0; i < outputs.size() && exchange(loads); i++) {
      // Each makes two lanes more alike.
    }
    return loads;
  }

  /**
   * Exchanges two outputs of the longest and the shortest lane, those that bring them closest.
   *
   * @return whether there are any
   */
  private static boolean exchange(List<Load> loads) {
    Comparator<Load> byTerms = Comparator.comparingLong(load -> load.terms);
    Load longest = loads.stream().max(byTerms).orElseThrow();
    Load shortest = loads.stream().min(byTerms).orElseThrow();
    long gap = longest.terms - shortest.terms;
    TreeMap<Integer, Output> bySize = new TreeMap<>();
    shortest.outputs.forEach(output -> bySize.putIfAbsent(output.size(), output));
    Output given = null;
    Output taken = null;
    long best = gap;
    for (Output output : longest.outputs) {
      int wanted = (int) Math.max(0, output.size() - gap / 2);
      for (Map.Entry<Integer, Output> near :
          Arrays.asList(bySize.floorEntry(wanted), bySize.ceilingEntry(wanted))) {
        long rest = near == null ? gap : Math.abs(gap - 2L * (output.size() - near.getKey()));
        if (rest < best) {
          best = rest;
          given = output;
          taken = near.getValue();
        }
      }
    }
    if (given == null) {
      return false;
    }
    longest.exchange(given, taken);
    shortest.exchange(taken, given);
    return true;
  }

  private static Entry[] entries(Load load, Place[] places) {
    List<Output> rows = new ArrayList<>(load.outputs);
    rows.sort(Comparator.comparingInt(Output::firstElement).thenComparingInt(Output::number));
    List<Entry> entries = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      places[rows.get(row).number] = new Place(load.lane, row);
      for (Term term : rows.get(row).terms) {
        entries.add(new Entry(term.address(), row, term.weight()));
      }
    }
    Entry[] sorted = entries.toArray(Entry[]::new);
    Arrays.sort(sorted, Comparator.comparingInt(Entry::element).thenComparingInt(Entry::row));
    return sorted;
  }
}
