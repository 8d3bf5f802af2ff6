// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.graph.Node;
import dev.etch.hardware.requantizer.FloatScale;
import dev.etch.hardware.requantizer.ScaleEnvelope;
import java.util.ArrayList;
import java.util.List;

/**
 * Limits that a design gets when it is compiled: those of its weights, and a share more. It
 * remembers them for weights that come later.
 */
public final class Headroom implements LoadLimits {
  /** Places by which the scales of later weights may be smaller, and larger. */
  private static final int SCALE_PLACES = 2;

  /** Bits by which their biases may be longer. */
  private static final int BIAS_BITS = 1;

  private final double share;
  private final List<Interval> accumulators = new ArrayList<>();
  private final List<ScaleEnvelope> requantizers = new ArrayList<>();

  /**
   * So much more than the weights at hand.
   *
   * @param share of an accumulator's range, at least 0; 0.2 is a fifth more
   */
  public Headroom(double share) {
    if (!(share >= 0)) {
      throw new IllegalArgumentException("headroom of " + share);
    }
    this.share = share;
  }

  @Override
  public Interval accumulators(Node node, Interval own) {
    Interval reached = new Interval((long) Math.floor(own.low() * (1 + share)), more(own.high()));
    accumulators.add(reached);
    return reached;
  }

  private long more(long high) {
    return (long) Math.ceil(high * (1 + share));
  }

  @Override
  public ScaleEnvelope requantizer(Node node, ScaleEnvelope own) {
    int shift = own.shift() + SCALE_PLACES;
    int bits = own.multiplierBits() + 2 * SCALE_PLACES;
    ScaleEnvelope envelope =
        new ScaleEnvelope(
            shift,
            ScaleEnvelope.digits(Math.max(bits, FloatScale.SIGNIFICANT_BITS)),
            own.biasBits() + BIAS_BITS,
            own.low(),
            own.high());
    requantizers.add(envelope);
    return envelope;
  }

  /** The limits for weights that come later. */
  public LoadLimits limits() {
    return new FixedLimits(accumulators, requantizers);
  }
}
