// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Which piece of which list each port of a cluster works on, in time.
 *
 * @param ports for each port its segments in order; the last one ends at the last step at the
 *     latest
 */
record ClusterLayout(List<List<Segment>> ports) {

  /** {@code length} steps of list {@code list} from its step {@code offset} on. */
  record Segment(int list, int offset, int length) {}

  /** Whole lists only, longest first to the emptiest port; null if that does not fit. */
  static ClusterLayout whole(List<SharedList> lists, int ports, int steps, int variant) {
    int[] load = new int[ports];
    List<List<Segment>> filled = empty(ports);
    for (int list : byLength(lists)) {
      int port = 0;
      for (int p = 1; p < ports; p++) {
        port = load[p] < load[port] ? p : port;
      }
      int length = lists.get(list).length();
      if (length == 0) {
        break;
      }
      if (load[port] + length > steps) {
        return null;
      }
      load[port] += length;
      filled.get(port).add(new Segment(list, 0, length));
    }
    for (int p = 0; p < ports; p++) {
      arrange(filled.get(p), variant == 0 ? p % 2 : variant, p);
    }
    return new ClusterLayout(filled);
  }

  /** Everything in the first port; possible as soon as there are enough steps. */
  static ClusterLayout serial(List<SharedList> lists, int ports) {
    List<List<Segment>> filled = empty(ports);
    for (int list : order(lists, 0)) {
      if (!lists.get(list).isEmpty()) {
        filled.get(0).add(new Segment(list, 0, lists.get(list).length()));
      }
    }
    return new ClusterLayout(filled);
  }

  private static void arrange(List<Segment> segments, int variant, int seed) {
    switch (variant) {
      case 0 -> segments.sort(Comparator.comparingInt(Segment::length).reversed());
      case 1 -> segments.sort(Comparator.comparingInt(Segment::length));
      default ->
          java.util.Collections.shuffle(segments, new java.util.Random(seed * 31L + variant));
    }
  }

  /**
   * The wrap-around rule of McNaughton (1959): all lists end to end, cut after every {@code steps}
   * steps. A list that is cut ends in two ports; the second port runs in the opposite direction, so
   * that both ends are late, or both early, and their results can leave one right after the other.
   */
  static ClusterLayout wrapped(List<SharedList> lists, int ports, int steps, int variant) {
    List<List<Segment>> filled = empty(ports);
    int port = 0;
    int room = steps;
    for (int list : order(lists, variant)) {
      int offset = 0;
      int length = lists.get(list).length();
      while (offset < length) {
        if (room == 0) {
          port++;
          room = steps;
        }
        if (port == ports) {
          return null;
        }
        int piece = Math.min(room, length - offset);
        filled.get(port).add(new Segment(list, offset, piece));
        offset += piece;
        room -= piece;
      }
    }
    boolean lateCut = (variant & 1) == 0;
    for (List<Segment> segments : filled) {
      boolean full = segments.size() == 1 && segments.get(0).length() == steps;
      if (full) {
        continue;
      }
      direct(segments, lists, lateCut);
      lateCut = !lateCut;
    }
    return new ClusterLayout(filled);
  }

  /**
   * Puts the outgoing cut last ({@code lateCut}) or first, and the longest list behind the first.
   */
  private static void direct(List<Segment> segments, List<SharedList> lists, boolean lateCut) {
    if (segments.size() < 2) {
      return;
    }
    if (!lateCut) {
      java.util.Collections.reverse(segments);
    }
    Segment first = segments.get(0);
    Segment last = segments.get(segments.size() - 1);
    int from = isCut(first, lists) ? 1 : 0;
    int to = isCut(last, lists) ? segments.size() - 1 : segments.size();
    if (from < to) {
      segments.subList(from, to).sort(Comparator.comparingInt(Segment::length).reversed());
    }
  }

  private static boolean isCut(Segment segment, List<SharedList> lists) {
    return segment.length() < lists.get(segment.list()).length();
  }

  private static List<Integer> order(List<SharedList> lists, int variant) {
    if (variant < 2) {
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < lists.size(); i++) {
        order.add(i);
      }
      return order;
    }
    List<Integer> order = byLength(lists);
    if (variant >= 4) {
      java.util.Collections.shuffle(order, new java.util.Random(variant));
    }
    return order;
  }

  private static List<Integer> byLength(List<SharedList> lists) {
    Integer[] order = new Integer[lists.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingInt((Integer i) -> lists.get(i).length()).reversed());
    return new ArrayList<>(Arrays.asList(order));
  }

  private static List<List<Segment>> empty(int ports) {
    List<List<Segment>> filled = new ArrayList<>();
    for (int p = 0; p < ports; p++) {
      filled.add(new ArrayList<>());
    }
    return filled;
  }
}
