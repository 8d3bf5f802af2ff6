// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.OperatorException;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Feature maps of another size: sums (int32) of four elements without their zero point, times
 * integer weights, which a Requantize divides by the product of both units. TFLite RESIZE_BILINEAR
 * of integers, ONNX Resize between quantizations.
 *
 * @param layout of operand and result
 * @param inputZeroPoint subtracted from each element
 * @param rows for each row of the result, what it mixes
 * @param rowUnit sum of the two weights of each row
 * @param columns likewise
 * @param columnUnit likewise
 */
public record BilinearResize2d(
    Layout layout,
    int inputZeroPoint,
    List<Mix> rows,
    int rowUnit,
    List<Mix> columns,
    int columnUnit)
    implements AccumulatingOp {
  private static final int MOST_UNITS = 1 << 20;

  public BilinearResize2d {
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
  }

  /**
   * Two neighbours on an axis.
   *
   * @param first place of the first
   * @param second place of the second
   * @param weight of the second; the first has the rest of the unit
   */
  public record Mix(int first, int second, int weight) {}

  /** One element of the operand, by its row-major number, and its weight. */
  public record Term(int index, int weight) {}

  @Override
  public int channelAxis(int rank) {
    return layout.channelAxis();
  }

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    TensorType x = o.integers(0, 16);
    FeatureMaps maps = FeatureMaps.of(o, 0, layout);
    boolean fits =
        rows.stream().allMatch(m -> maps.contains(m.first(), 0) && maps.contains(m.second(), 0))
            && columns.stream()
                .allMatch(m -> maps.contains(0, m.first()) && maps.contains(0, m.second()));
    if (!fits) {
      throw o.misfit(0, "does not have all rows and columns to mix", "check the new size");
    }
    if (rowUnit < 1 || columnUnit < 1 || (long) rowUnit * columnUnit > MOST_UNITS) {
      throw new OperatorException(
          "weights of units " + rowUnit + " and " + columnUnit, "their product is at most 2^20");
    }
    return List.of(new TensorType(IntegerType.INT32, result(x.shape())));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    TensorType type = infer(Operands.typesOf(operands)).get(0);
    Shape from = operands.get(0).shape();
    int[] x = Operands.intData(operands, 0);
    int[] y = new int[type.shape().elements()];
    for (int i = 0; i < y.length; i++) {
      long sum = 0;
      for (Term term : terms(i, from)) {
        sum += (long) (x[term.index()] - inputZeroPoint) * term.weight();
      }
      y[i] = Accumulator.int32(sum);
    }
    return List.of(new IntegerTensor(type, y));
  }

  private Shape result(Shape from) {
    FeatureMaps maps = FeatureMaps.of(from, layout);
    return layout.shape(maps.batch(), maps.channels(), rows.size(), columns.size());
  }

  /** What the result's element of row-major number {@code index} adds up, without zeros. */
  public List<Term> terms(int index, Shape from) {
    Shape result = result(from);
    int[] strides = result.strides();
    int[] at = new int[strides.length];
    for (int i = 0; i < strides.length; i++) {
      at[i] = Gather.coordinate(index, strides[i], result.dimension(i));
    }
    FeatureMaps maps = FeatureMaps.of(from, layout);
    Mix row = rows.get(at[layout.heightAxis()]);
    Mix column = columns.get(at[layout.widthAxis()]);
    int channel = at[layout.channelAxis()];
    List<Term> terms = new ArrayList<>();
    for (Mix r : parts(row, rowUnit)) {
      for (Mix c : parts(column, columnUnit)) {
        terms.add(
            new Term(maps.index(at[0], channel, r.first(), c.first()), r.weight() * c.weight()));
      }
    }
    return terms;
  }

  /** The places with a weight: each as a mix of its own. */
  private static List<Mix> parts(Mix mix, int unit) {
    if (mix.first() == mix.second()) {
      return List.of(new Mix(mix.first(), mix.first(), unit));
    }
    Mix first = new Mix(mix.first(), mix.first(), unit - mix.weight());
    Mix second = new Mix(mix.second(), mix.second(), mix.weight());
    return mix.weight() == 0
        ? List.of(first)
        : mix.weight() == unit ? List.of(second) : List.of(first, second);
  }

  /**
   * How far float32 can be from a weight for neighbours up to {@code place}: it divides the place
   * by a rounded scale, and subtracts.
   */
  public static double rounding(int place) {
    return (place + 1) * 0x1p-22;
  }

  /**
   * The largest difference between a weight of ONNX Runtime, a product of two in float32, and the
   * fraction that it stands for: 0 if all are fractions of powers of two.
   */
  public double weightError() {
    boolean exact = Integer.bitCount(rowUnit) == 1 && Integer.bitCount(columnUnit) == 1;
    return exact ? 0 : rounding(last(rows)) + rounding(last(columns));
  }

  private static int last(List<Mix> mixes) {
    return mixes.stream().mapToInt(Mix::second).max().orElse(0);
  }
}
