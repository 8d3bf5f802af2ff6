// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Maps with padding, cut into blocks whose places become elements of the batch: what every n-th
 * element gives, for each beginning. TFLite SPACE_TO_BATCH_ND.
 *
 * @param blocks extents of a block on the axes behind the batch's
 * @param before padding before each of these axes
 * @param after padding after
 * @param value of the padding, in the operand's own element type
 */
public record SpaceToBatch(
    List<Integer> blocks, List<Integer> before, List<Integer> after, double value)
    implements AnyElementOp {
  public SpaceToBatch {
    blocks = List.copyOf(blocks);
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /** The padding, without cutting. */
  public Pad pad(int rank) {
    return new Pad(
        BatchBlocks.ofAllAxes(before, rank, 0), BatchBlocks.ofAllAxes(after, rank, 0), value);
  }

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    BatchBlocks.check(o, blocks, before, after);
    Shape padded = pad(o.any(0).shape().rank()).infer(operands).get(0).shape();
    List<Integer> extents = new ArrayList<>(padded.dimensions());
    extents.set(0, Math.multiplyExact(extents.get(0), BatchBlocks.places(blocks)));
    for (int i = 0; i < blocks.size(); i++) {
      if (extents.get(i + 1) % blocks.get(i) != 0) {
        throw o.misfit(0, "padded to " + padded + " is not whole blocks of " + blocks, "pad more");
      }
      extents.set(i + 1, extents.get(i + 1) / blocks.get(i));
    }
    return List.of(new TensorType(o.any(0).element(), Operands.shape(extents)));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    List<Tensor> value = pad(operands.get(0).shape().rank()).evaluate(operands);
    for (Op part : BatchBlocks.toBatch(value.get(0).shape(), blocks)) {
      value = part.evaluate(value);
    }
    return value;
  }
}
