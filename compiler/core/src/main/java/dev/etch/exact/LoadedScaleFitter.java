// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.Node;
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
   * The form of a layer; empty if its definition has no numbers that can be loaded.
   *
   * @param problems one a channel, or one that holds for all channels
   * @throws DiagnosticException if the numbers leave the limits
   */
  public static Optional<Requantizer> fit(
      Node node, List<ChannelProblem> problems, LoadLimits limits) {
    List<Staircase> stairs = problems.stream().map(Staircase::of).toList();
    Optional<FixedPointNumbers> fixedPoint = FixedPointNumbers.of(problems);
    ScaleEnvelope own =
        fixedPoint
            .map(numbers -> numbers.envelope(low(problems), high(problems)))
            .orElseGet(() -> floatEnvelope(problems, stairs));
    if (form(own, fixedPoint, stairs).isEmpty()) {
      return Optional.empty();
    }
    ScaleEnvelope envelope = limits.requantizer(node, own);
    return Optional.of(form(envelope, fixedPoint, stairs).orElseThrow(() -> tooLong(node)));
  }

  private static Optional<Requantizer> form(
      ScaleEnvelope envelope, Optional<FixedPointNumbers> fixedPoint, List<Staircase> stairs) {
    Optional<Requantizer> form =
        fixedPoint.isPresent()
            ? fixedPoint.get().within(envelope).map(Requantizer.class::cast)
            : floatScale(envelope, stairs);
    return form.filter(numbers -> RequantizerFitter.isExact(stairs, numbers));
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

  private static DiagnosticException tooLong(Node node) {
    return new DiagnosticException(
        node.location(),
        "its scales are too small to be loaded, or differ too much: with room for others, a shift or a"
            + " multiplier takes more than 62 bits",
        "compile it with --weights constant");
  }
}
