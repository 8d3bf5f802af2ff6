// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Finds the shift that all channels have in common and their shortest multipliers.
 *
 * <p>If multiplier m and offset b fit with a shift, 2m and 2b fit with the next, so the channels'
 * common shift is the largest of their least shifts, and that makes the multipliers shortest. A
 * channel whose multiplier becomes too wide by that has no form in common with the others.
 */
final class MultiplierSearch {
  /** The widest multiplier worth building; float32 scales have 24 bits. */
  static final long MOST = (1L << 40) - 1;

  private static final int LARGEST_SHIFT = 46;

  private final int channels;
  private final Fits fits;

  /** Which multipliers fit one channel with one shift: an interval. */
  interface Fit {
    /** Least multiplier that fits and is at least {@code from}, or none up to {@code most}. */
    OptionalLong least(long from, long most);
  }

  /** What fits a channel with a shift. */
  interface Fits {
    Fit of(int channel, int shift);
  }

  /**
   * What was found.
   *
   * @param multipliers one a channel, or one for all
   */
  record Found(int shift, List<Long> multipliers) {
    long multiplier(int channel) {
      return multipliers.get(multipliers.size() == 1 ? 0 : channel);
    }
  }

  private MultiplierSearch(int channels, Fits fits) {
    this.channels = channels;
    this.fits = fits;
  }

  /**
   * Searches; empty if nothing fits some channel.
   *
   * @param sharingBits how many more bits may be spent for one multiplier for all channels
   */
  static Optional<Found> run(int channels, int sharingBits, Fits fits) {
    return new MultiplierSearch(channels, fits).run(sharingBits);
  }

  private Optional<Found> run(int sharingBits) {
    int shift = 0;
    for (int c = 0; c < channels; c++) {
      while (least(c, shift).isEmpty()) {
        if (++shift > LARGEST_SHIFT) {
          return Optional.empty();
        }
      }
    }
    for (int more = 0; more <= sharingBits && shift + more <= LARGEST_SHIFT; more++) {
      OptionalLong sharing = shared(shift + more);
      if (sharing.isPresent()) {
        return Optional.of(new Found(shift + more, List.of(sharing.getAsLong())));
      }
    }
    List<Long> own = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      OptionalLong least = least(c, shift);
      if (least.isEmpty()) {
        return Optional.empty();
      }
      own.add(least.getAsLong());
    }
    return Optional.of(new Found(shift, own));
  }

  private OptionalLong least(int channel, int shift) {
    return fits.of(channel, shift).least(0, MOST);
  }

  private OptionalLong shared(int shift) {
    return leastOfAll(
        IntStream.range(0, channels).mapToObj(c -> fits.of(c, shift)).toList(), 0, MOST);
  }

  /** Raises the candidate to what each fit needs until none objects: the least common one. */
  static OptionalLong leastOfAll(List<? extends Fit> fits, long from, long most) {
    long multiplier = from;
    for (boolean settled = false; !settled; ) {
      settled = true;
      for (Fit fit : fits) {
        OptionalLong least = fit.least(multiplier, most);
        if (least.isEmpty()) {
          return least;
        }
        settled &= least.getAsLong() == multiplier;
        multiplier = least.getAsLong();
      }
    }
    return OptionalLong.of(multiplier);
  }
}
