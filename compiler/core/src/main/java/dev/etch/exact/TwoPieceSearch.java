// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.hardware.requantizer.TwoPieceScale;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Linear forms with another offset below the accumulator that stands for zero, for roundings half
 * away from zero: there the steps below zero are one unit of the rounded number further away than a
 * line through those above it has them.
 */
final class TwoPieceSearch {
  /** A comparison, a row and two memories: about as much as two corrections. */
  private static final int PIECE_BITS = 4;

  private TwoPieceSearch() {}

  static Optional<TwoPieceScale> run(List<Staircase> stairs, int low, int high, int sharingBits) {
    long lowestRaw = stairs.stream().mapToLong(s -> s.problem().raw().low()).min().orElseThrow();
    MultiplierSearch.Fits fits =
        (c, shift) -> new TwoPieceFit(stairs.get(c), low, high, shift, lowestRaw);
    return MultiplierSearch.run(stairs.size(), sharingBits, fits)
        .flatMap(
            found ->
                form(
                    found,
                    stairs.stream()
                        .map(s -> new TwoPieceFit(s, low, high, found.shift(), lowestRaw))
                        .toList(),
                    low,
                    high))
        .filter(form -> RequantizerFitter.isExact(stairs, form));
  }

  /** As multiplier bits. */
  static int cost(TwoPieceScale form) {
    return RequantizerFitter.multiplierBits(form.multipliers()) + PIECE_BITS;
  }

  private static Optional<TwoPieceScale> form(
      MultiplierSearch.Found found, List<TwoPieceFit> fits, int low, int high) {
    List<Interval> differences = new ArrayList<>();
    for (int c = 0; c < fits.size(); c++) {
      Interval all = fits.get(c).differences(found.multiplier(c));
      if (all.low() > 0) {
        return Optional.empty();
      }
      differences.add(new Interval(all.low(), Math.min(0, all.high())));
    }
    List<Long> belows = chosen(differences);
    List<Long> pivots = chosen(fits.stream().map(TwoPieceFit::pivots).toList());
    List<Long> offsets = new ArrayList<>();
    for (int c = 0; c < fits.size(); c++) {
      offsets.add(fits.get(c).offset(found.multiplier(c), belows.get(c)));
    }
    return Optional.of(
        new TwoPieceScale(
            found.multipliers(),
            RequantizerFitter.shared(offsets),
            RequantizerFitter.shared(pivots),
            RequantizerFitter.shared(belows),
            found.shift(),
            low,
            high));
  }

  /**
   * One for all channels if there is one, which needs no memory; else with many zeros at its end.
   */
  private static List<Long> chosen(List<Interval> channels) {
    long low = channels.stream().mapToLong(Interval::low).max().orElseThrow();
    long high = channels.stream().mapToLong(Interval::high).min().orElseThrow();
    return channels.stream()
        .map(own -> roundest(low <= high ? new Interval(low, high) : own))
        .toList();
  }

  /** The number in the interval that the highest power of two divides. */
  static long roundest(Interval interval) {
    if (interval.contains(0)) {
      return 0;
    }
    for (int zeros = Long.SIZE - 2; ; zeros--) {
      long multiple = (interval.high() >> zeros) << zeros;
      if (interval.contains(multiple)) {
        return multiple;
      }
    }
  }
}
