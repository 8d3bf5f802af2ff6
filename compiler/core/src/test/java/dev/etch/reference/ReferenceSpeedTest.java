// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Value;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.Layout;
import dev.etch.op.MaxPool2d;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.Window;
import dev.etch.op.requantization.FloatSum;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.op.requantization.SumRequantization;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Images a second of processor time on one thread. The limits are a third of what an idle core of
 * 2023 does, so that only a kernel that has lost its vectorization or its skipping of zeros falls
 * below.
 */
@Tag("slow")
class ReferenceSpeedTest {
  private static final Location HERE = Location.file("speed");

  private final RandomTensors random = new RandomTensors(1);
  private final GraphBuilder builder = new GraphBuilder("speed");

  private IntegerTensor weights(int percentZero, int... shape) {
    IntegerTensor dense = random.integers(IntegerType.INT8, shape);
    int[] data = dense.data().clone();
    for (int i = 0; i < data.length; i++) {
      data[i] = random.between(1, 100) <= percentZero ? 0 : data[i];
    }
    return new IntegerTensor(dense.type(), data);
  }

  private Value requantize(Value sum, int channels) {
    Requantization staircase = new ScaleThenRound(0.002f, 3, -128, 127);
    return builder.add(
        "requantize",
        new Requantize(Collections.nCopies(channels, staircase), 1, IntegerType.INT8),
        HERE,
        sum);
  }

  private Value convolution(
      Value x, int zeros, int outputs, int kernel, int stride, int padBefore, int padAfter) {
    int inputs = x.type().shape().dimension(1);
    Value w = builder.constant("w", weights(zeros, outputs, inputs, kernel, kernel), HERE);
    Value b = builder.constant("b", random.between(IntegerType.INT32, -99, 99, outputs), HERE);
    Window window =
        new Window(kernel, kernel, stride, stride, 1, 1, padBefore, padBefore, padAfter, padAfter);
    return requantize(
        builder.add("conv", new IntegerConv2d(window, Layout.NCHW, 1, -7), HERE, x, w, b), outputs);
  }

  private Value dense(Value x, int zeros, int outputs) {
    int inputs = x.type().shape().dimension(1);
    Value w = builder.constant("w", weights(zeros, outputs, inputs), HERE);
    return requantize(builder.add("fc", new IntegerDense(5), HERE, x, w), outputs);
  }

  private Value pool(Value x) {
    Window window = new Window(2, 2, 2, 2, 1, 1, 0, 0, 0, 0);
    return builder.add("pool", new MaxPool2d(window, Layout.NCHW), HERE, x);
  }

  private Value add(Value left, Value right) {
    SumRequantization sum = new FloatSum(0.1f, 3, 0.2f, 4, 0.3f, 5, -128, 127);
    return builder.add("add", new QuantizedAdd(sum, IntegerType.INT8), HERE, left, right);
  }

  private Value block(Value x, int outputs, int stride) {
    Value inner = convolution(x, 1, outputs, 3, stride, stride == 2 ? 0 : 1, 1);
    Value main = convolution(inner, 1, outputs, 3, 1, 1, 1);
    Value bypass = stride == 1 ? x : convolution(x, 1, outputs, 1, stride, 0, 0);
    return add(main, bypass);
  }

  private double imagesPerSecond(Value output, int images) {
    builder.output(output);
    Graph graph = builder.build();
    Interpreter interpreter = new Interpreter(graph);
    Tensor image =
        random.integers(IntegerType.INT8, graph.inputs().get(0).type().shape().toArray());
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    double best = 0;
    for (int round = 0; round < 5; round++) {
      long start = clock.getCurrentThreadCpuTime();
      for (int i = 0; i < images; i++) {
        interpreter.run(List.of(image));
      }
      best = Math.max(best, images * 1e9 / (clock.getCurrentThreadCpuTime() - start));
    }
    System.out.printf("images a second of processor time: %.0f%n", best);
    return best;
  }

  private Value image(int channels, int size) {
    return builder.input("x", new TensorType(IntegerType.INT8, Shape.of(1, channels, size, size)));
  }

  @Test
  void prunedLenet() {
    Value x = pool(convolution(image(1, 28), 90, 20, 5, 1, 0, 0));
    x = pool(convolution(x, 90, 50, 5, 1, 0, 0));
    x = builder.add("flat", new Reshape(List.of(1, 800)), HERE, x);
    x = dense(dense(x, 90, 500), 90, 10);
    assertTrue(imagesPerSecond(x, 1000) > 500);
  }

  @Test
  void residualNetwork() {
    Value x = convolution(image(3, 32), 1, 16, 3, 1, 1, 1);
    x = block(block(block(x, 16, 1), 32, 2), 64, 2);
    assertTrue(imagesPerSecond(x, 150) > 100);
  }
}
