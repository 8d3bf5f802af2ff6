// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Dequantize;
import dev.etch.op.Quantization;
import dev.etch.op.Requantization;
import dev.etch.op.Requantization.Average;
import dev.etch.op.Requantization.ScaleThenRound;
import dev.etch.op.Requantize;
import dev.etch.tensor.IntegerType;
import java.util.List;
import java.util.Optional;

/**
 * {@code sums * inputScale / count}: average pooling.
 *
 * @param sums int32 sums of the new graph, zero point subtracted
 * @param inputScale of the operand
 * @param count elements of each sum
 * @param global whether the model says global pooling, which ONNX Runtime rounds otherwise
 */
record Averaged(Value sums, float inputScale, int count, boolean global) implements FloatForm {
  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    Requantization staircase =
        global
            ? new ScaleThenRound(
                inputScale / (target.scale() * (float) count),
                target.zeroPoint(),
                target.low(),
                target.high())
            : new Average(
                inputScale, count, target.scale(), target.zeroPoint(), target.low(), target.high());
    return Optional.of(
        rewrite.emit(
            target.node(),
            new Requantize(List.of(staircase), 0, target.quantization().type()),
            sums));
  }

  @Override
  public Value materialize(Rewrite rewrite, Node node) {
    Quantization quantization = Quantization.perTensor(IntegerType.INT32, inputScale / count, 0);
    return rewrite.emit(node, new Dequantize(quantization), sums);
  }
}
