// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.Node;
import dev.etch.hardware.LoadMap;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.requantizer.LoadedScale;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.hardware.requantizer.ScaleEnvelope;
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
  public static Requantizer fit(Node node, List<ChannelProblem> problems, LoadLimits limits) {
    List<Staircase> stairs = problems.stream().map(Staircase::of).toList();
    Optional<FixedPointNumbers> fixedPoint = FixedPointNumbers.of(problems);
    ScaleEnvelope own =
        fixedPoint
            .map(numbers -> numbers.envelope(low(problems), high(problems)))
            .orElseGet(() -> floatEnvelope(problems, stairs));
    ScaleEnvelope envelope = limits.requantizer(node, own);
    if (envelope.biasBits() > LoadMap.WORD_BITS) {
      throw new DiagnosticException(
          node.location(),
          "a bias of it takes " + envelope.biasBits() + " bits, and 32 can be loaded",
          "give it smaller biases, or compile it with --weights constant");
    }
    Optional<Requantizer> form =
        fixedPoint.isPresent()
            ? fixedPoint.get().within(envelope).map(numbers -> numbers)
            : floatScale(envelope, stairs);
    return form.filter(numbers -> RequantizerFitter.isExact(stairs, numbers))
        .orElseThrow(() -> none(node));
  }

  private static ScaleEnvelope floatEnvelope(
      List<ChannelProblem> problems, List<Staircase> stairs) {
    int least = FloatScaleSearch.leastShift(stairs);
    int bits = FloatScaleSearch.bits(least, stairs);
    long[] constants = problems.stream().mapToLong(ChannelProblem::constant).toArray();
    return new ScaleEnvelope(
        least, ScaleEnvelope.digits(bits), Bits.signed(constants), low(problems), high(problems));
  }

  private static Optional<Requantizer> floatScale(ScaleEnvelope envelope, List<Staircase> stairs) {
    return FloatScaleSearch.at(
            envelope.shift(), envelope.multiplierBits(), stairs, envelope.low(), envelope.high())
        .map(scale -> new LoadedScale(scale, envelope));
  }

  private static int low(List<ChannelProblem> problems) {
    return problems.stream()
        .map(ChannelProblem::staircase)
        .mapToInt(Requantization::low)
        .min()
        .orElseThrow();
  }

  private static int high(List<ChannelProblem> problems) {
    return problems.stream()
        .map(ChannelProblem::staircase)
        .mapToInt(Requantization::high)
        .max()
        .orElseThrow();
  }

  private static DiagnosticException none(Node node) {
    return new DiagnosticException(
        node.location(),
        "its rescaling is neither a float32 product of at most 2^24 nor one of TFLite's fixed"
            + " point within 62 bits, and loaded weights need one of them",
        "compile it with --weights constant");
  }
}
