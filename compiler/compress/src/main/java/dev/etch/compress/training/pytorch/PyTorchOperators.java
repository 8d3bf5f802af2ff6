// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Node;
import dev.etch.op.Add;
import dev.etch.op.ArgMax;
import dev.etch.op.AveragePool2d;
import dev.etch.op.BatchNormalization;
import dev.etch.op.BatchToSpace;
import dev.etch.op.Clip;
import dev.etch.op.Concat;
import dev.etch.op.Constant;
import dev.etch.op.Conv2d;
import dev.etch.op.ConvTranspose2d;
import dev.etch.op.Dense;
import dev.etch.op.Dequantize;
import dev.etch.op.Extremum;
import dev.etch.op.FunctionOp;
import dev.etch.op.IntegerOp;
import dev.etch.op.Layout;
import dev.etch.op.Linear;
import dev.etch.op.LinearResize2d;
import dev.etch.op.LogSoftmax;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Multiply;
import dev.etch.op.NearestResize2d;
import dev.etch.op.OperatorTable;
import dev.etch.op.PRelu;
import dev.etch.op.Pad;
import dev.etch.op.Quantize;
import dev.etch.op.QuantizeTiesAway;
import dev.etch.op.RealQuantize;
import dev.etch.op.ReduceMean2d;
import dev.etch.op.Relu;
import dev.etch.op.Reshape;
import dev.etch.op.Slice;
import dev.etch.op.Softmax;
import dev.etch.op.SpaceToBatch;
import dev.etch.op.Transpose;
import dev.etch.op.Window;
import java.util.List;

/** How PyTorch computes each operator, with gradients. */
final class PyTorchOperators {
  private static final OperatorTable<Translation> TRANSLATIONS =
      OperatorTable.<Translation>of("training")
          .with((node, x, pass) -> x.get(0).add(x.get(1)), Add.class)
          .with((node, x, pass) -> x.get(0).mul(x.get(1)), Multiply.class)
          .with((node, x, pass) -> x.get(0).getNDArrayInternal().relu(), Relu.class)
          .with(PyTorchOperators::clip, Clip.class)
          .with(PyTorchOperators::convolution, Conv2d.class)
          .with(PyTorchOperators::dense, Dense.class)
          .with(PyTorchOperators::batchNormalization, BatchNormalization.class)
          .with(PyTorchOperators::maximum, MaxPool2d.class)
          .with(PyTorchOperators::average, AveragePool2d.class)
          .with(PyTorchOperators::mean, ReduceMean2d.class)
          .with(PyTorchOperators::reshape, Reshape.class)
          .with(PyTorchOperators::transpose, Transpose.class)
          .with(PyTorchOperators::pad, Pad.class)
          .with(PyTorchOperators::quantize, Quantize.class)
          .with(PyTorchOperators::dequantize, Dequantize.class)
          .without("its values are among the parameters", Constant.class)
          .without("is trained at the end of a network only, by its operand", Softmax.class)
          .without("has integers, and so no gradient", IntegerOp.class, ArgMax.class)
          .without(
              "cannot be trained",
              BatchToSpace.class,
              Concat.class,
              ConvTranspose2d.class,
              Extremum.class,
              FunctionOp.class,
              Linear.class,
              LinearResize2d.class,
              LogSoftmax.class,
              NearestResize2d.class,
              PRelu.class,
              QuantizeTiesAway.class,
              RealQuantize.class,
              Slice.class,
              SpaceToBatch.class)
          .build();

  private PyTorchOperators() {}

  /** Reports nodes that cannot be trained. */
  static void check(List<Node> nodes, DiagnosticCollector diagnostics) {
    for (Node node : nodes) {
      if (!(node.op() instanceof Constant) && TRANSLATIONS.find(node.op()).isEmpty()) {
        diagnostics.error(
            node.location(),
            "this operator %s".formatted(TRANSLATIONS.reasons().get(node.op().getClass())),
            "cut it off with --outputs or --inputs");
      }
    }
  }

  static NDArray apply(Node node, List<NDArray> operands, ForwardPass pass) {
    return TRANSLATIONS.get(node.op()).apply(node, operands, pass);
  }

  private static NDArray clip(Node node, List<NDArray> operands, ForwardPass pass) {
    Clip clip = (Clip) node.op();
    return operands.get(0).clip(clip.minimum(), clip.maximum());
  }

  private static NDArray dense(Node node, List<NDArray> operands, ForwardPass pass) {
    NDArray product = operands.get(0).matMul(operands.get(1).transpose());
    return operands.size() > 2 ? product.add(operands.get(2)) : product;
  }

  private static NDArray convolution(Node node, List<NDArray> operands, ForwardPass pass) {
    Conv2d op = (Conv2d) node.op();
    Window window = op.window();
    NDArray x = padded(channelsFirst(operands.get(0), op.layout()), window, 0);
    NDList result =
        x.getNDArrayInternal()
            .convolution(
                x,
                operands.get(1),
                operands.size() > 2 ? operands.get(2) : null,
                new Shape(window.strideHeight(), window.strideWidth()),
                new Shape(0, 0),
                new Shape(window.dilationHeight(), window.dilationWidth()),
                op.groups());
    return inLayout(result.singletonOrThrow(), op.layout());
  }

  private static NDArray batchNormalization(Node node, List<NDArray> operands, ForwardPass pass) {
    BatchNormalization op = (BatchNormalization) node.op();
    boolean last = op.channelAxis() != 1;
    Layout layout = last ? Layout.NHWC : Layout.NCHW;
    NDArray x = last ? channelsFirst(operands.get(0), layout) : operands.get(0);
    NDList result =
        x.getNDArrayInternal()
            .batchNorm(
                x,
                operands.get(3),
                operands.get(4),
                operands.get(1),
                operands.get(2),
                1,
                ForwardPass.MOMENTUM,
                op.epsilon(),
                pass.normalizes());
    return last ? inLayout(result.singletonOrThrow(), layout) : result.singletonOrThrow();
  }

  private static NDArray maximum(Node node, List<NDArray> operands, ForwardPass pass) {
    MaxPool2d op = (MaxPool2d) node.op();
    NDArray x = channelsFirst(operands.get(0), op.layout());
    NDArray result =
        padded(x, op.window(), Float.NEGATIVE_INFINITY)
            .getNDArrayInternal()
            .maxPool(kernel(op.window()), strides(op.window()), new Shape(0, 0), false);
    return inLayout(result, op.layout());
  }

  private static NDArray average(Node node, List<NDArray> operands, ForwardPass pass) {
    AveragePool2d op = (AveragePool2d) node.op();
    NDArray x = channelsFirst(operands.get(0), op.layout());
    NDArray mean = averagePool(padded(x, op.window(), 0), op.window());
    if (op.window().isPadded() && !op.countPadding()) {
      // What share of each window is no padding.
      NDArray inside = averagePool(padded(x.onesLike(), op.window(), 0), op.window());
      mean = mean.div(inside.stopGradient());
    }
    return inLayout(mean, op.layout());
  }

  private static NDArray averagePool(NDArray x, Window window) {
    return x.getNDArrayInternal()
        .avgPool(kernel(window), strides(window), new Shape(0, 0), false, true);
  }

  private static NDArray mean(Node node, List<NDArray> operands, ForwardPass pass) {
    Layout layout = ((ReduceMean2d) node.op()).layout();
    return operands
        .get(0)
        .mean(new int[] {layout.heightAxis()}, true)
        .mean(new int[] {layout.widthAxis()}, true);
  }

  private static NDArray reshape(Node node, List<NDArray> operands, ForwardPass pass) {
    return operands.get(0).reshape(pass.batched(node.output().type().shape()));
  }

  private static NDArray transpose(Node node, List<NDArray> operands, ForwardPass pass) {
    return operands
        .get(0)
        .transpose(
            ((Transpose) node.op()).permutation().stream().mapToInt(Integer::intValue).toArray());
  }

  private static NDArray pad(Node node, List<NDArray> operands, ForwardPass pass) {
    Pad pad = (Pad) node.op();
    int rank = pad.before().size();
    long[] widths = new long[2 * rank];
    for (int axis = 0; axis < rank; axis++) {
      widths[2 * (rank - 1 - axis)] = pad.before().get(axis);
      widths[2 * (rank - 1 - axis) + 1] = pad.after().get(axis);
    }
    return operands.get(0).pad(new Shape(widths), pad.value());
  }

  /**
   * The integers, as floats, with the gradient of the line that the staircase follows, and none
   * where it saturates. Source: Y. Bengio, N. Léonard, A. Courville, Estimating or Propagating
   * Gradients Through Stochastic Neurons for Conditional Computation, 2013.
   */
  private static NDArray quantize(Node node, List<NDArray> operands, ForwardPass pass) {
    var quantization = ((Quantize) node.op()).quantization();
    var type = quantization.type();
    int zeroPoint = quantization.zeroPoint(0);
    NDArray line =
        operands
            .get(0)
            .div(quantization.scale(0))
            .clip(type.minimum() - zeroPoint, type.maximum() - zeroPoint);
    NDArray steps = line.stopGradient().round().sub(line.stopGradient());
    return line.add(steps).add(zeroPoint);
  }

  private static NDArray dequantize(Node node, List<NDArray> operands, ForwardPass pass) {
    var quantization = ((Dequantize) node.op()).quantization();
    return operands.get(0).sub(quantization.zeroPoint(0)).mul(quantization.scale(0));
  }

  private static Shape kernel(Window window) {
    return new Shape(window.kernelHeight(), window.kernelWidth());
  }

  private static Shape strides(Window window) {
    return new Shape(window.strideHeight(), window.strideWidth());
  }

  private static NDArray padded(NDArray x, Window window, double value) {
    return window.isPadded()
        ? x.pad(
            new Shape(window.padLeft(), window.padRight(), window.padTop(), window.padBottom()),
            value)
        : x;
  }

  private static NDArray channelsFirst(NDArray x, Layout layout) {
    return layout == Layout.NHWC ? x.transpose(0, 3, 1, 2) : x;
  }

  private static NDArray inLayout(NDArray x, Layout layout) {
    return layout == Layout.NHWC ? x.transpose(0, 2, 3, 1) : x;
  }
}
