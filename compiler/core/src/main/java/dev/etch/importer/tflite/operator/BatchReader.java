// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.BatchToSpace;
import dev.etch.op.SpaceToBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * SPACE_TO_BATCH_ND, whose padding is the zero point, and BATCH_TO_SPACE_ND: with convolutions
 * between them they are a dilation.
 */
final class BatchReader implements OperatorReader {
  private static final int BLOCKS = 1;
  private static final int MARGINS = 2;

  private final boolean toSpace;

  BatchReader(boolean toSpace) {
    this.toSpace = toSpace;
  }

  @Override
  public String notes() {
    return "as the dilation of convolutions between both; constant blocks and "
        + (toSpace ? "crops" : "paddings");
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(3, 3);
    Quantizations.requireEqual(node, 0);
    List<Integer> blocks = node.numbers(BLOCKS);
    List<Integer> margins = node.numbers(MARGINS);
    if (margins.size() != 2 * blocks.size() || margins.stream().anyMatch(m -> m < 0)) {
      throw new Refusal("blocks %s with margins %s".formatted(blocks, margins), "convert it again");
    }
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    for (int i = 0; i < margins.size(); i += 2) {
      before.add(margins.get(i));
      after.add(margins.get(i + 1));
    }
    if (toSpace) {
      node.finish(new BatchToSpace(blocks, before, after), node.value(0));
    } else {
      int zeroPoint = node.result(0).perTensor().zeroPoint(0);
      node.finish(new SpaceToBatch(blocks, before, after, zeroPoint), node.value(0));
    }
  }
}
