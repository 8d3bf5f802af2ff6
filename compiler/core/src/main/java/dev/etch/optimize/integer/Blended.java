// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.BilinearResize2d;
import dev.etch.op.IntegerMixes;
import dev.etch.op.LinearResize2d;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.ExactAccumulation;
import dev.etch.op.requantization.FloatAccumulation;
import java.util.List;
import java.util.Optional;

/**
 * Feature maps of another size, whose elements ONNX Runtime mixes in float32. The exact mix is
 * rounded once: many mixes are ties, where float32's roundings decide.
 *
 * @param node of the original graph, a LinearResize2d
 * @param operand the smaller or larger maps
 */
record Blended(Node node, Dequantized operand, IntegerMixes rows, IntegerMixes columns)
    implements FloatForm {
  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    BilinearResize2d resize =
        new BilinearResize2d(
            ((LinearResize2d) node.op()).layout(),
            operand.quantization().zeroPoint(0),
            rows.mixes(),
            rows.unit(),
            columns.mixes(),
            columns.unit());
    FloatAccumulation mix =
        new FloatAccumulation(
            operand.quantization().scale(0),
            1,
            0,
            rows.unit() * columns.unit(),
            target.scale(),
            target.zeroPoint(),
            target.low(),
            target.high());
    Requantize requantize =
        new Requantize(ExactAccumulation.of(List.of(mix)), 0, target.quantization().type());
    Value sums = rewrite.emit(node, resize, operand.integers());
    return Optional.of(rewrite.emit(target.node(), requantize, sums));
  }

  /** QONNX's quantizers behind such a mix are not supported. */
  @Override
  public Optional<Value> quantize(Rewrite rewrite, RealTarget target) {
    return Optional.empty();
  }

  @Override
  public Value materialize(Rewrite rewrite, Node at) {
    return rewrite.emitFloat(at);
  }
}
