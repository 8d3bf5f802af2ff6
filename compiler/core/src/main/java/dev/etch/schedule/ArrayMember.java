// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.schedule.LayerOptions.Option;
import java.util.Arrays;
import java.util.List;

/** A layer with multipliers, as the choice of arrays sees it. */
sealed interface ArrayMember permits ArrayMember.Free, ArrayMember.Fixed {
  /** Stands for: not possible. */
  long NEVER = Long.MAX_VALUE;

  /** Name of the layer. */
  String layer();

  /** Products of a frame. */
  long products();

  /** Fewest cycles a frame for which it occupies so many lanes; {@link #NEVER} if they are few. */
  long busy(int lanes);

  /**
   * Fewest multipliers with which it alone keeps up; {@link Integer#MAX_VALUE} if there are none.
   */
  int alone(long cycles);

  /** A layer whose folding is open. */
  final class Free implements ArrayMember {
    private final String layer;
    private final LayerOptions options;
    private long[] busy;

    Free(String layer, LayerOptions options) {
      this.layer = layer;
      this.options = options;
      update();
    }

    /** Reads the options again, some of which turned out slower. */
    void update() {
      List<Option> all = options.all();
      int most = all.stream().mapToInt(Option::lanes).max().orElseThrow();
      long[] least = new long[most + 1];
      Arrays.fill(least, NEVER);
      for (Option option : all) {
        least[option.lanes()] = Math.min(least[option.lanes()], option.busy());
      }
      for (int lanes = 1; lanes <= most; lanes++) {
        least[lanes] = Math.min(least[lanes], least[lanes - 1]);
      }
      busy = least;
    }

    LayerOptions options() {
      return options;
    }

    @Override
    public String layer() {
      return layer;
    }

    @Override
    public long products() {
      return options.layer().taps() * options.layer().pixels();
    }

    @Override
    public long busy(int lanes) {
      return busy[Math.min(lanes, busy.length - 1)];
    }

    @Override
    public int alone(long cycles) {
      return options.fewestMultipliers(cycles).orElse(Integer.MAX_VALUE);
    }
  }

  /**
   * A layer whose folding is given.
   *
   * @param cycles a frame for which it occupies its lanes
   */
  record Fixed(String layer, long products, int lanes, long cycles) implements ArrayMember {
    @Override
    public long busy(int available) {
      return available < lanes ? NEVER : cycles;
    }

    @Override
    public int alone(long wanted) {
      // It takes what it takes; the pace is for the others.
      return lanes;
    }
  }
}
