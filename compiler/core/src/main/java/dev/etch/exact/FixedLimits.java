// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.Node;
import dev.etch.hardware.requantizer.ScaleEnvelope;
import java.util.Iterator;
import java.util.List;

/** The limits of a design that was compiled before. */
final class FixedLimits implements LoadLimits {
  private static final String REMEDY =
      "train or quantize it nearer to the model that was compiled, or compile it anew";

  private final Iterator<Interval> accumulators;
  private final Iterator<ScaleEnvelope> requantizers;

  FixedLimits(List<Interval> accumulators, List<ScaleEnvelope> requantizers) {
    this.accumulators = List.copyOf(accumulators).iterator();
    this.requantizers = List.copyOf(requantizers).iterator();
  }

  @Override
  public Interval accumulators(Node node, Interval own) {
    Interval limit = next(node, accumulators);
    if (!limit.contains(own)) {
      double over = Math.max(ratio(own.high(), limit.high()), ratio(own.low(), limit.low()));
      throw refused(
          node,
          "its accumulators reach %s, those that were compiled %s: %.1f %% too far"
              .formatted(own, limit, 100 * (over - 1)));
    }
    return limit;
  }

  private static double ratio(long own, long limit) {
    return limit == 0 ? (own == 0 ? 0 : Double.POSITIVE_INFINITY) : (double) own / limit;
  }

  @Override
  public ScaleEnvelope requantizer(Node node, ScaleEnvelope own) {
    ScaleEnvelope limit = next(node, requantizers);
    if (own.shift() > limit.shift()) {
      throw refused(
          node, "a scale of it is 2^%d times too small".formatted(own.shift() - limit.shift()));
    }
    int bits = own.multiplierBits() + limit.shift() - own.shift();
    if (bits > limit.multiplierBits()) {
      throw refused(
          node, "a scale of it is 2^%d times too large".formatted(bits - limit.multiplierBits()));
    }
    if (own.biasBits() > limit.biasBits()) {
      throw refused(
          node, "a bias of it takes %d bits, not %d".formatted(own.biasBits(), limit.biasBits()));
    }
    if (own.low() != limit.low() || own.high() != limit.high()) {
      throw refused(
          node,
          "its outputs are limited to %d to %d, not %d to %d"
              .formatted(own.low(), own.high(), limit.low(), limit.high()));
    }
    return limit;
  }

  private static <T> T next(Node node, Iterator<T> limits) {
    if (!limits.hasNext()) {
      throw refused(node, "the network that was compiled has fewer layers");
    }
    return limits.next();
  }

  private static DiagnosticException refused(Node node, String why) {
    return new DiagnosticException(node.location(), why, REMEDY);
  }
}
