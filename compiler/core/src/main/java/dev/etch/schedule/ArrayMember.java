// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

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
  record Free(String layer, LayerOptions options) implements ArrayMember {
    @Override
    public long products() {
      return options.layer().taps() * options.layer().pixels();
    }

    @Override
    public long busy(int lanes) {
      return options.busy(lanes);
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
