// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Elements of the batch that become places of blocks of maps, which are then cropped: the inverse
 * of {@link SpaceToBatch}. TFLite BATCH_TO_SPACE_ND.
 *
 * @param blocks extents of a block on the axes behind the batch's
 * @param before what is cut off at the beginning of each of these axes
 * @param after what is cut off at the end
 */
public record BatchToSpace(List<Integer> blocks, List<Integer> before, List<Integer> after)
    implements AnyElementOp {
  public BatchToSpace {
    blocks = List.copyOf(blocks);
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /** What cuts the maps off. */
  public Slice crop(Shape whole) {
    List<Integer> starts = BatchBlocks.ofAllAxes(before, whole.rank(), 0);
    List<Integer> ends = BatchBlocks.ofAllAxes(after, whole.rank(), 0);
    List<Integer> extents = new ArrayList<>();
    for (int axis = 0; axis < whole.rank(); axis++) {
      extents.add(whole.dimension(axis) - starts.get(axis) - ends.get(axis));
    }
    return new Slice(starts, BatchBlocks.ofAllAxes(List.of(), whole.rank(), 1), extents);
  }

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    BatchBlocks.check(o, blocks, before, after);
    Shape batch = o.any(0).shape();
    if (batch.dimension(0) % BatchBlocks.places(blocks) != 0) {
      throw o.misfit(0, "has no whole blocks of " + blocks, "check the blocks");
    }
    List<TensorType> whole = operands;
    for (Op part : BatchBlocks.toSpace(batch, blocks)) {
      whole = part.infer(whole);
    }
    return crop(whole.get(0).shape()).infer(whole);
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    List<Tensor> value = operands;
    for (Op part : BatchBlocks.toSpace(operands.get(0).shape(), blocks)) {
      value = part.evaluate(value);
    }
    return crop(value.get(0).shape()).evaluate(value);
  }
}
