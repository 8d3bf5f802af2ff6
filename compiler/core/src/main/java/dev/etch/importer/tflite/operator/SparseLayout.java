// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.tflite.schema.SparsityParameters;
import dev.etch.importer.tflite.schema.SparsityParameters.Dimension;
import dev.etch.tensor.Shape;
import java.util.List;

/**
 * Walks a sparse tensor's stored elements in their order. Its axes, and the blocks that axes are
 * cut into, are nested in the traversal order; each level either has every position or lists them.
 *
 * <p>Source: TFLite's {@code FormatConverter}.
 */
final class SparseLayout {
  private final Shape shape;
  private final SparsityParameters sparsity;
  private final int[] strides;
  private final int[] blockSizes;
  private final int[] dense;
  private final int[] values;
  private int next;

  private SparseLayout(Shape shape, SparsityParameters sparsity, int[] values) {
    this.shape = shape;
    this.sparsity = sparsity;
    this.strides = shape.strides();
    this.values = values;
    this.dense = new int[shape.elements()];
    this.blockSizes = new int[sparsity.blockMap().size()];
    for (int level = 0; level < sparsity.traversalOrder().size(); level++) {
      int axis = sparsity.traversalOrder().get(level);
      if (axis >= shape.rank()) {
        blockSizes[axis - shape.rank()] = sparsity.dimensions().get(level).denseSize();
      }
    }
  }

  /** How many elements are stored. */
  static int storedElements(TensorInfo info, SparsityParameters sparsity) {
    check(info.shape(), sparsity);
    long parents = 1;
    for (Dimension dimension : sparsity.dimensions()) {
      if (!dimension.isCompressed()) {
        parents *= Math.max(0, dimension.denseSize());
      } else {
        checkSegments(dimension, parents);
        parents = dimension.indices().size();
      }
      if (parents > info.shape().elements()) {
        throw damaged();
      }
    }
    return (int) parents;
  }

  /** All elements, row-major; {@link #storedElements} has accepted the layout. */
  static int[] densify(Shape shape, SparsityParameters sparsity, int[] values) {
    SparseLayout layout = new SparseLayout(shape, sparsity, values);
    layout.walk(0, 0, new int[shape.rank() + layout.blockSizes.length]);
    return layout.dense;
  }

  private void walk(int level, int parent, int[] at) {
    if (level == sparsity.traversalOrder().size()) {
      dense[position(at)] = values[next++];
      return;
    }
    Dimension dimension = sparsity.dimensions().get(level);
    int axis = sparsity.traversalOrder().get(level);
    if (!dimension.isCompressed()) {
      for (int i = 0; i < dimension.denseSize(); i++) {
        at[axis] = i;
        walk(level + 1, parent * dimension.denseSize() + i, at);
      }
      return;
    }
    int end = dimension.segments().get(parent + 1);
    for (int i = dimension.segments().get(parent); i < end; i++) {
      at[axis] = dimension.indices().get(i);
      walk(level + 1, i, at);
    }
  }

  private int position(int[] at) {
    int position = 0;
    for (int axis = 0; axis < shape.rank(); axis++) {
      int coordinate = at[axis];
      int block = sparsity.blockMap().indexOf(axis);
      if (block >= 0) {
        coordinate = coordinate * blockSizes[block] + at[shape.rank() + block];
      }
      if (coordinate < 0 || coordinate >= shape.dimension(axis)) {
        throw damaged();
      }
      position += coordinate * strides[axis];
    }
    return position;
  }

  private static void check(Shape shape, SparsityParameters sparsity) {
    int levels = shape.rank() + sparsity.blockMap().size();
    List<Integer> sorted = sparsity.traversalOrder().stream().sorted().toList();
    List<Integer> wanted = java.util.stream.IntStream.range(0, levels).boxed().toList();
    long blocked = sparsity.blockMap().stream().distinct().count();
    boolean blocksFit = sparsity.blockMap().stream().allMatch(a -> a >= 0 && a < shape.rank());
    if (!sorted.equals(wanted)
        || sparsity.dimensions().size() != levels
        || blocked != sparsity.blockMap().size()
        || !blocksFit) {
      throw damaged();
    }
  }

  private static void checkSegments(Dimension dimension, long parents) {
    List<Integer> segments = dimension.segments();
    boolean fits =
        segments.size() == parents + 1
            && segments.get(0) == 0
            && segments.get(segments.size() - 1) == dimension.indices().size();
    for (int i = 1; fits && i < segments.size(); i++) {
      fits = segments.get(i - 1) <= segments.get(i);
    }
    if (!fits) {
      throw damaged();
    }
  }

  private static Refusal damaged() {
    return new Refusal("the layout of a sparse tensor is damaged", "convert the model again");
  }
}
