// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.Node;
import dev.etch.hardware.LoadMap;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.requantizer.FloatScale;
import dev.etch.hardware.requantizer.LoadedScale;
import dev.etch.op.requantization.Requantization;
import java.util.List;
import java.util.Optional;

/** The numbers of a requantizer that the host loads, proved like every other form. */
public final class LoadedScaleFitter {
  private LoadedScaleFitter() {}

  /**
   * The form of a layer.
   *
   * @param problems one a channel, or one that holds for all channels
   * @throws DiagnosticException if the layer has no such form, or leaves the limits
   */
  public static LoadedScale fit(Node node, List<ChannelProblem> problems, LoadLimits limits) {
    List<Staircase> stairs = problems.stream().map(Staircase::of).toList();
    int low =
        problems.stream()
            .map(ChannelProblem::staircase)
            .mapToInt(Requantization::low)
            .min()
            .orElseThrow();
    int high =
        problems.stream()
            .map(ChannelProblem::staircase)
            .mapToInt(Requantization::high)
            .max()
            .orElseThrow();
    int least = FloatScaleSearch.leastShift(stairs);
    int bits = FloatScaleSearch.bits(least, stairs);
    long[] constants = problems.stream().mapToLong(ChannelProblem::constant).toArray();
    LoadedScale.Envelope envelope =
        limits.requantizer(
            node,
            new LoadedScale.Envelope(
                least, LoadedScale.Envelope.digits(bits), Bits.signed(constants), low, high));
    if (envelope.biasBits() > LoadMap.WORD_BITS) {
      throw new DiagnosticException(
          node.location(),
          "a bias of it takes " + envelope.biasBits() + " bits, and 32 can be loaded",
          "give it smaller biases, or compile it with --weights constant");
    }
    Optional<FloatScale> scale =
        FloatScaleSearch.at(envelope.shift(), envelope.multiplierBits(), stairs, low, high)
            .filter(form -> RequantizerFitter.isExact(stairs, form));
    return new LoadedScale(scale.orElseThrow(() -> none(node)), envelope);
  }

  private static DiagnosticException none(Node node) {
    return new DiagnosticException(
        node.location(),
        "its rescaling is no float32 product of at most 2^24, which loaded weights need",
        "compile it with --weights constant");
  }
}
