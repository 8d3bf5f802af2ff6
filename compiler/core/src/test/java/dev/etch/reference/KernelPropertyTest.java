// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.Location;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.Layout;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Op;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.op.Window;
import dev.etch.op.requantization.Average;
import dev.etch.op.requantization.DequantizeThenQuantize;
import dev.etch.op.requantization.FloatSum;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.op.requantization.SumRequantization;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Every fast kernel equals its operator's evaluate, on random shapes and data. */
class KernelPropertyTest {
  private static final IntegerType[] TYPES = {
    IntegerType.INT8, IntegerType.UINT8, new IntegerType(4, true), new IntegerType(9, true)
  };

  /** Checks a node whose first operand is data and whose other operands are constants. */
  private static void check(Op op, Tensor x, Tensor... constants) {
    List<Value> inputs = new ArrayList<>();
    List<Tensor> operands = new ArrayList<>(List.of(x));
    Map<Value, Tensor> known = new LinkedHashMap<>();
    inputs.add(new Value("x", x.type()));
    for (Tensor constant : constants) {
      Value value = new Value("c" + operands.size(), constant.type());
      inputs.add(value);
      known.put(value, constant);
      operands.add(constant);
    }
    compare(op, inputs, operands, known);
  }

  private static void compare(
      Op op, List<Value> inputs, List<Tensor> operands, Map<Value, Tensor> constants) {
    Value result = new Value("y", op.infer(inputs.stream().map(Value::type).toList()).get(0));
    Node node = new Node("n", op, inputs, List.of(result), Location.file("test"));
    Optional<Kernel> kernel = Kernels.fast(op, new Kernels.Site(node, constants));
    assertTrue(kernel.isPresent(), "no fast kernel for " + op);
    assertEquals(op.evaluate(operands), kernel.get().run(operands), () -> op + " on " + operands);
  }

  private static Layout layout(RandomTensors random) {
    return random.between(0, 1) == 0 ? Layout.NCHW : Layout.NHWC;
  }

  private static IntegerType type(RandomTensors random) {
    return TYPES[random.between(0, TYPES.length - 1)];
  }

  private static Window window(RandomTensors random, int mostPad) {
    return new Window(
        random.between(1, 3),
        random.between(1, 3),
        random.between(1, 3),
        random.between(1, 3),
        random.between(1, 2),
        random.between(1, 2),
        random.between(0, mostPad),
        random.between(0, mostPad),
        random.between(0, mostPad),
        random.between(0, mostPad));
  }

  private static IntegerTensor maps(RandomTensors random, Layout layout, int channels) {
    int[] shape =
        layout
            .shape(random.between(1, 2), channels, random.between(5, 9), random.between(5, 9))
            .toArray();
    return random.integers(type(random), shape);
  }

  private static IntegerTensor sparse(RandomTensors random, IntegerTensor weights) {
    int keep = random.between(0, 10);
    int[] data = weights.data().clone();
    for (int i = 0; i < data.length; i++) {
      data[i] = random.between(1, 10) <= keep ? data[i] : 0;
    }
    return new IntegerTensor(weights.type(), data);
  }

  @Property(tries = 300)
  void convolution(@ForAll long seed) {
    RandomTensors random = new RandomTensors(seed);
    Layout layout = layout(random);
    int groups = random.between(1, 3);
    int perGroup = random.between(1, 4);
    int outputs = groups * random.between(1, 4);
    IntegerTensor x = maps(random, layout, groups * perGroup);
    Window w = window(random, 2);
    IntegerTensor weights =
        sparse(
            random,
            random.integers(type(random), outputs, perGroup, w.kernelHeight(), w.kernelWidth()));
    int zeroPoint = random.value((IntegerType) x.type().element());
    IntegerConv2d op = new IntegerConv2d(w, layout, groups, zeroPoint);
    if (random.between(0, 1) == 0) {
      check(op, x, weights);
    } else {
      check(op, x, weights, random.between(IntegerType.INT32, -100_000, 100_000, outputs));
    }
  }

  @Property(tries = 200)
  void dense(@ForAll long seed) {
    RandomTensors random = new RandomTensors(seed);
    int inputs = random.between(1, 60);
    int outputs = random.between(1, 20);
    IntegerTensor x =
        random.integers(type(random), random.between(1, 3), random.between(1, 3), inputs);
    IntegerTensor weights = sparse(random, random.integers(type(random), outputs, inputs));
    int zeroPoint = random.value((IntegerType) x.type().element());
    IntegerTensor bias = random.between(IntegerType.INT32, -100_000, 100_000, outputs);
    check(new IntegerDense(zeroPoint), x, weights, bias);
  }

  @Property(tries = 200)
  void maxPool(@ForAll long seed) {
    RandomTensors random = new RandomTensors(seed);
    Layout layout = layout(random);
    IntegerTensor x = maps(random, layout, random.between(1, 5));
    Window w = window(random, 0);
    int padTop = random.between(0, w.spanHeight() - 1);
    int padLeft = random.between(0, w.spanWidth() - 1);
    Window padded =
        new Window(
            w.kernelHeight(),
            w.kernelWidth(),
            w.strideHeight(),
            w.strideWidth(),
            w.dilationHeight(),
            w.dilationWidth(),
            padTop,
            padLeft,
            random.between(0, w.spanHeight() - 1),
            random.between(0, w.spanWidth() - 1));
    check(new MaxPool2d(padded, layout), x);
  }

  @Property(tries = 200)
  void requantize(@ForAll long seed) {
    RandomTensors random = new RandomTensors(seed);
    int channels = random.between(1, 6);
    boolean wide = random.between(0, 1) == 0;
    IntegerTensor x =
        wide
            ? random.between(IntegerType.INT32, -200_000, 200_000, 2, channels, 5)
            : random.integers(IntegerType.INT8, 2, channels, 5);
    List<Requantization> staircases = new ArrayList<>();
    int count = random.between(0, 1) == 0 ? 1 : channels;
    for (int i = 0; i < count; i++) {
      staircases.add(staircase(random, i, wide ? 0.001 : 0.7));
    }
    check(new Requantize(staircases, 1, IntegerType.UINT8), x);
  }

  private static Requantization staircase(RandomTensors random, int kind, double scale) {
    int zeroPoint = random.value(IntegerType.UINT8);
    return switch (kind % 3) {
      case 0 -> new ScaleThenRound(random.scale(scale), zeroPoint, 0, 255);
      case 1 ->
          new DequantizeThenQuantize(
              random.scale(scale), random.value(IntegerType.INT8), 1, zeroPoint, 0, 255);
      default -> new Average(random.scale(scale), 9, 0.3f, zeroPoint, 5, 250, 0);
    };
  }

  @Property(tries = 20)
  void sum(@ForAll long seed) {
    RandomTensors random = new RandomTensors(seed);
    IntegerTensor left = random.integers(IntegerType.INT8, 3, 50);
    IntegerTensor right = random.integers(IntegerType.UINT8, 3, 50);
    SumRequantization sum =
        new FloatSum(
            random.scale(0.1),
            random.value(IntegerType.INT8),
            random.scale(0.1),
            random.value(IntegerType.UINT8),
            random.scale(0.1),
            random.value(IntegerType.INT8),
            -128,
            127);
    List<Value> inputs = List.of(new Value("a", left.type()), new Value("b", right.type()));
    compare(new QuantizedAdd(sum, IntegerType.INT8), inputs, List.of(left, right), Map.of());
  }
}
