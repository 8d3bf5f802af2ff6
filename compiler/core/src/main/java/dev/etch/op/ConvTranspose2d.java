// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Float transposed convolution; operands x, weights [outputs, inputs / groups, kernelHeight,
 * kernelWidth] and an optional bias [outputs]. ONNX ConvTranspose, whose weights have the first two
 * axes the other way round.
 */
public record ConvTranspose2d(TransposedWindow window, Layout layout, int groups)
    implements FloatOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 2, 3);
    for (int i = 0; i < operands.size(); i++) {
      o.floats(i);
    }
    FeatureMaps x = FeatureMaps.of(o, 0, layout);
    o.rank(1, 4);
    Shape weights = o.any(1).shape();
    int outputs = weights.dimension(0);
    if (groups < 1
        || outputs < 1
        || outputs % groups != 0
        || weights.dimension(1) * groups != x.channels()) {
      throw o.misfit(
          1,
          "does not fit %d input channels in %d groups".formatted(x.channels(), groups),
          "weights are [outputs, inputs / groups, kernelHeight, kernelWidth]");
    }
    if (weights.dimension(2) != window.rows().kernel()
        || weights.dimension(3) != window.columns().kernel()) {
      throw o.misfit(1, "does not have the kernel's rows and columns", "check its shape");
    }
    if (o.has(2)) {
      o.vector(2, outputs);
    }
    return List.of(Operands.floatType(result(x, outputs).shape()));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    Operands o = Operands.of(this, Operands.typesOf(operands), 2, 3);
    FeatureMaps from = FeatureMaps.of(o, 0, layout);
    Shape shape = o.any(1).shape();
    FeatureMaps to = result(from, shape.dimension(0));
    float[] x = Operands.floatData(operands, 0);
    float[] weights = Operands.floatData(operands, 1);
    float[] bias = o.has(2) ? Operands.floatData(operands, 2) : null;
    float[] y = new float[to.shape().elements()];
    new WindowLoop(from, to, Window.of(1, 1))
        .outputs(
            (image, out, row, column) -> {
              double sum = bias == null ? 0 : bias[out];
              for (int tap = 0; tap < shape.dimension(2) * shape.dimension(3); tap++) {
                int inRow = window.rows().source(row, tap / shape.dimension(3));
                int inColumn = window.columns().source(column, tap % shape.dimension(3));
                if (from.contains(inRow, inColumn)) {
                  int place = from.index(image, firstChannel(out, shape), inRow, inColumn);
                  sum += products(x, place, from.channelStride(), weights, shape, out, tap);
                }
              }
              y[to.index(image, out, row, column)] = (float) sum;
            });
    return List.of(FloatTensor.of(to.shape(), y));
  }

  /** First input channel that an output channel reads. */
  private int firstChannel(int out, Shape weights) {
    return out / (weights.dimension(0) / groups) * weights.dimension(1);
  }

  /** What one tap of the kernel adds to an element: a sum over the input channels. */
  private static double products(
      float[] x, int place, int stride, float[] weights, Shape shape, int out, int tap) {
    int taps = shape.dimension(2) * shape.dimension(3);
    double sum = 0;
    for (int c = 0; c < shape.dimension(1); c++) {
      int weight = (out * shape.dimension(1) + c) * taps + tap;
      sum += (double) x[place + c * stride] * weights[weight];
    }
    return sum;
  }

  private FeatureMaps result(FeatureMaps x, int outputs) {
    return new FeatureMaps(
        layout, x.batch(), outputs, window.rows().extent(), window.columns().extent());
  }
}
