// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * How places of blocks become elements of the batch, and back: TFLite {@code space_to_batch_nd.h}.
 */
final class BatchBlocks {
  private BatchBlocks() {}

  /** Complains unless there is a block and both margins for each axis behind the batch's. */
  static void check(
      Operands operands, List<Integer> blocks, List<Integer> before, List<Integer> after) {
    boolean fits =
        before.size() == blocks.size()
            && after.size() == blocks.size()
            && blocks.size() < operands.any(0).shape().rank()
            && blocks.stream().allMatch(block -> block >= 1);
    if (!fits) {
      throw operands.misfit(
          0, "does not suit blocks " + blocks, "one block of at least 1 for each spatial axis");
    }
  }

  /** Elements of a block. */
  static int places(List<Integer> blocks) {
    return blocks.stream().reduce(1, Math::multiplyExact);
  }

  /** A list for the axes behind the batch's as one for all axes of {@code rank}. */
  static List<Integer> ofAllAxes(List<Integer> spatial, int rank, int otherwise) {
    List<Integer> all = new ArrayList<>(java.util.Collections.nCopies(rank, otherwise));
    for (int i = 0; i < spatial.size(); i++) {
      all.set(i + 1, spatial.get(i));
    }
    return all;
  }

  /** Reshape, Transpose, Reshape from {@code padded} maps to a batch. */
  static List<Op> toBatch(Shape padded, List<Integer> blocks) {
    int axes = blocks.size();
    List<Integer> split = new ArrayList<>(List.of(padded.dimension(0)));
    List<Integer> permutation = new ArrayList<>();
    List<Integer> rest = new ArrayList<>(List.of(0));
    List<Integer> result = new ArrayList<>(List.of(padded.dimension(0) * places(blocks)));
    for (int i = 0; i < axes; i++) {
      int extent = padded.dimension(i + 1) / blocks.get(i);
      split.addAll(List.of(extent, blocks.get(i)));
      permutation.add(2 + 2 * i);
      rest.add(1 + 2 * i);
      result.add(extent);
    }
    for (int axis = axes + 1; axis < padded.rank(); axis++) {
      rest.add(split.size());
      split.add(padded.dimension(axis));
      result.add(padded.dimension(axis));
    }
    permutation.addAll(rest);
    return List.of(new Reshape(split), new Transpose(permutation), new Reshape(result));
  }

  /** Reshape, Transpose, Reshape from a batch to maps that are not cropped yet. */
  static List<Op> toSpace(Shape batch, List<Integer> blocks) {
    int axes = blocks.size();
    List<Integer> split = new ArrayList<>(blocks);
    split.add(batch.dimension(0) / places(blocks));
    List<Integer> permutation = new ArrayList<>(List.of(axes));
    List<Integer> result = new ArrayList<>(List.of(batch.dimension(0) / places(blocks)));
    for (int i = 0; i < axes; i++) {
      split.add(batch.dimension(i + 1));
      permutation.addAll(List.of(axes + 1 + i, i));
      result.add(Math.multiplyExact(batch.dimension(i + 1), blocks.get(i)));
    }
    for (int axis = axes + 1; axis < batch.rank(); axis++) {
      permutation.add(split.size());
      split.add(batch.dimension(axis));
      result.add(batch.dimension(axis));
    }
    return List.of(new Reshape(split), new Transpose(permutation), new Reshape(result));
  }
}
