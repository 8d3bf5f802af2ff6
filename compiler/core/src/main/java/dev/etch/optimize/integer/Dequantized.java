// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Dequantize;
import dev.etch.op.Quantization;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.DequantizeThenQuantize;
import dev.etch.op.requantization.Requantization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code (integers - zeroPoint) * scale}.
 *
 * @param integers of the new graph
 */
record Dequantized(Value integers, Quantization quantization) implements FloatForm {
  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    if (!quantization.isPerTensor()) {
      return Optional.empty();
    }
    if (sameAs(target.quantization()) && !target.isClamped()) {
      return Optional.of(integers);
    }
    if (quantization.type().bits() > Tabulated.MOST_BITS
        && target.isFine()
        && !sameAs(target.quantization())) {
      return tabulated().flatMap(table -> table.quantize(rewrite, target));
    }
    DequantizeThenQuantize staircase =
        new DequantizeThenQuantize(
            quantization.scale(0),
            quantization.zeroPoint(0),
            target.scale(),
            target.zeroPoint(),
            target.low(),
            target.high());
    return Optional.of(
        rewrite.emit(
            target.node(),
            new Requantize(List.of(staircase), 0, target.quantization().type()),
            integers));
  }

  /** A staircase an integer, or a table of the integers where it descends. */
  @Override
  public Optional<Value> quantize(Rewrite rewrite, RealTarget target) {
    int axis = quantization.isPerTensor() ? target.axis().orElse(0) : quantization.axis();
    if (!target.runsAlong(axis)) {
      return Optional.empty();
    }
    int channels = Math.max(target.channels(), quantization.scales().size());
    List<Requantization> staircases = new ArrayList<>();
    if (!target.isAscending()) {
      return tabulated().flatMap(table -> table.quantize(rewrite, target));
    }
    for (int c = 0; c < channels; c++) {
      staircases.add(target.staircase(c, false, quantization.zeroPoint(c), quantization.scale(c)));
    }
    return Optional.of(
        rewrite.emit(
            target.node(),
            new Requantize(staircases, channels == 1 ? 0 : axis, target.output()),
            integers));
  }

  @Override
  public Value materialize(Rewrite rewrite, Node node) {
    return rewrite.emit(node, new Dequantize(quantization), integers);
  }

  @Override
  public Optional<Dequantized> dequantized(Rewrite rewrite) {
    return Optional.of(this);
  }

  @Override
  public Optional<Tabulated> tabulated() {
    if (!Tabulated.isSmall(quantization.type().bits(), quantization.scales().size())) {
      return Optional.empty();
    }
    List<Tabulated.IntegerFunction> channels = new ArrayList<>();
    for (int c = 0; c < quantization.scales().size(); c++) {
      int channel = c;
      channels.add(stored -> quantization.dequantize(stored, channel));
    }
    return Optional.of(new Tabulated(integers, channels, quantization.axis()));
  }

  /** Whether both give the same integer to every number; an axis means nothing per tensor. */
  boolean sameAs(Quantization other) {
    return other.isPerTensor()
        && quantization.isPerTensor()
        && quantization.type().equals(other.type())
        && quantization.scale(0) == other.scale(0)
        && quantization.zeroPoint(0) == other.zeroPoint(0);
  }
}
