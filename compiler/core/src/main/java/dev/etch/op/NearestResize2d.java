// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Feature maps of another size whose places each copy one of the operand's. TFLite
 * RESIZE_NEAREST_NEIGHBOR.
 *
 * @param layout of operand and result
 * @param rows for each row of the result, the operand's row that it copies
 * @param columns likewise
 */
public record NearestResize2d(Layout layout, List<Integer> rows, List<Integer> columns)
    implements AnyElementOp {
  public NearestResize2d {
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
  }

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    FeatureMaps x = FeatureMaps.of(o, 0, layout);
    if (rows.stream().anyMatch(row -> !x.contains(row, 0))
        || columns.stream().anyMatch(column -> !x.contains(0, column))) {
      throw o.misfit(0, "does not have all rows and columns to copy", "check the new size");
    }
    return List.of(new TensorType(o.any(0).element(), result(x).shape()));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    TensorType type = infer(Operands.typesOf(operands)).get(0);
    Shape from = operands.get(0).shape();
    return List.of(Gather.of(type, operands.get(0), index -> source(index, from, type.shape())));
  }

  /**
   * Row-major number in the operand, of shape {@code from}, of the result's element {@code index}.
   */
  public int source(int index, Shape from, Shape result) {
    int[] strides = result.strides();
    int[] at = new int[strides.length];
    for (int i = 0; i < strides.length; i++) {
      at[i] = Gather.coordinate(index, strides[i], result.dimension(i));
    }
    return FeatureMaps.of(from, layout)
        .index(
            at[0],
            at[layout.channelAxis()],
            rows.get(at[layout.heightAxis()]),
            columns.get(at[layout.widthAxis()]));
  }

  private FeatureMaps result(FeatureMaps x) {
    return new FeatureMaps(layout, x.batch(), x.channels(), rows.size(), columns.size());
  }
}
