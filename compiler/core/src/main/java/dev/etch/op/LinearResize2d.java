// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Float feature maps of another size, each element a mix of four neighbours: in float32, one
 * rounding an operation, in ONNX Runtime's order ({@code UpsampleBilinear}). ONNX Resize, mode
 * linear.
 *
 * @param layout of operand and result
 * @param rows for each row of the result, what it mixes
 * @param columns likewise
 */
public record LinearResize2d(Layout layout, List<Blend> rows, List<Blend> columns)
    implements FloatOp {
  public LinearResize2d {
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
  }

  /**
   * Two neighbours on an axis.
   *
   * @param first place of the first
   * @param second place of the second, perhaps the same
   * @param firstWeight of the first
   * @param secondWeight of the second
   */
  public record Blend(int first, int second, float firstWeight, float secondWeight) {}

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    o.floats(0);
    FeatureMaps maps = FeatureMaps.of(o, 0, layout);
    boolean fits =
        rows.stream().allMatch(b -> maps.contains(b.first(), 0) && maps.contains(b.second(), 0))
            && columns.stream()
                .allMatch(b -> maps.contains(0, b.first()) && maps.contains(0, b.second()));
    if (!fits) {
      throw o.misfit(0, "does not have all rows and columns to mix", "check the new size");
    }
    return List.of(Operands.floatType(result(maps).shape()));
  }

  private FeatureMaps result(FeatureMaps from) {
    return new FeatureMaps(layout, from.batch(), from.channels(), rows.size(), columns.size());
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    FeatureMaps from = FeatureMaps.of(operands.get(0).shape(), layout);
    FeatureMaps to = result(from);
    float[] x = Operands.floatData(operands, 0);
    float[] y = new float[to.shape().elements()];
    new WindowLoop(from, to, Window.of(1, 1))
        .outputs(
            (image, channel, i, j) -> {
              Blend row = rows.get(i);
              Blend column = columns.get(j);
              float a = x[from.index(image, channel, row.first(), column.first())];
              float b = x[from.index(image, channel, row.first(), column.second())];
              float c = x[from.index(image, channel, row.second(), column.first())];
              float d = x[from.index(image, channel, row.second(), column.second())];
              y[to.index(image, channel, i, j)] =
                  column.firstWeight() * row.firstWeight() * a
                      + column.secondWeight() * row.firstWeight() * b
                      + column.firstWeight() * row.secondWeight() * c
                      + column.secondWeight() * row.secondWeight() * d;
            });
    return List.of(FloatTensor.of(to.shape(), y));
  }
}
