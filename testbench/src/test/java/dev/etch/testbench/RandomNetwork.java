// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.op.ArgMax;
import dev.etch.op.BilinearResize2d;
import dev.etch.op.Concat;
import dev.etch.op.Extremum;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Layout;
import dev.etch.op.Lookup;
import dev.etch.op.MaxPool2d;
import dev.etch.op.NearestResize2d;
import dev.etch.op.Op;
import dev.etch.op.Pad;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.QuantizedSoftmax;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.Slice;
import dev.etch.op.TableSoftmax;
import dev.etch.op.Transpose;
import dev.etch.op.TransposedWindow;
import dev.etch.op.Window;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.RoundedQuotient;
import dev.etch.op.requantization.SumRequantization;
import dev.etch.optimize.StandardPasses;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * A small integer network made from a seed: one to three layers of random kind, kernel, stride,
 * padding, dilation, groups, widths of weights and activations (1 to 8 bits), zero points,
 * requantizations and sparsity (0 to 100 %), then perhaps a dense layer and an argmax; of some
 * networks, what is between layers leaves too, and the result in another shape. One of the layers
 * is of the seed's own kind: as many seeds in a row as there are kinds draw each of them.
 */
final class RandomNetwork {
  private static final Location NOWHERE = Location.file("random");
  private static final int LARGEST_CHANNELS = 8;

  /** Every so many seeds may give a network whose result does not depend on its input. */
  private static final int CONSTANT = 20;

  /** From the random numbers of one attempt at a seed's network to those of the next. */
  private static final long ATTEMPT = 1_000_003;

  /** Of a dense layer with many outputs: its words stay few. */
  private static final int MANY_INPUTS = 64;

  private final SplittableRandom many;
  private final Random random;
  private final Layout layout;
  private final GraphBuilder builder;
  private final Kind own;
  private int nodes;

  /**
   * A kind of layer.
   *
   * @param weight how often it is drawn, beside the others
   * @param layer adds one to a network, behind a feature map; gives a feature map
   */
  private record Kind(int weight, Adder layer) {}

  private interface Adder {
    Value add(RandomNetwork network, Value x);
  }

  /** A new operator belongs in here. */
  private static final List<Kind> KINDS =
      List.of(
          new Kind(4, (n, x) -> n.convolution(x, 1 + n.random.nextInt(LARGEST_CHANNELS), 1)),
          new Kind(1, RandomNetwork::depthwise),
          new Kind(1, RandomNetwork::grouped),
          new Kind(1, RandomNetwork::transposedConvolution),
          new Kind(1, RandomNetwork::maxPool),
          new Kind(1, RandomNetwork::averagePool),
          new Kind(1, RandomNetwork::residual),
          new Kind(1, RandomNetwork::residual),
          new Kind(1, RandomNetwork::joined),
          new Kind(1, RandomNetwork::padded),
          new Kind(1, RandomNetwork::lookedUp),
          new Kind(1, RandomNetwork::multiplied),
          new Kind(1, RandomNetwork::sliced),
          new Kind(1, RandomNetwork::resized),
          new Kind(1, RandomNetwork::broadcast),
          new Kind(1, RandomNetwork::softmax),
          new Kind(1, RandomNetwork::mixed),
          new Kind(1, RandomNetwork::larger),
          new Kind(1, RandomNetwork::requantized),
          new Kind(1, (n, x) -> n.perPlace(x, n.activation(), n.weightType())),
          new Kind(1, RandomNetwork::packed),
          new Kind(1, RandomNetwork::reordered));

  private RandomNetwork(long seed, int attempt) {
    own = KINDS.get((int) Math.floorMod(seed, KINDS.size()));
    random = new Random(seed + attempt * ATTEMPT);
    for (int i = 0; i < 10; i++) {
      random.nextInt();
    }
    many = new SplittableRandom(seed);
    layout = random.nextBoolean() ? Layout.NCHW : Layout.NHWC;
    builder = new GraphBuilder("random_" + seed);
  }

  /** The network of a seed; the same on every machine. */
  static PartitionedModel of(long seed) {
    int attempt = 0;
    PartitionedModel model = new RandomNetwork(seed, attempt).build(seed);
    while (seed % CONSTANT != 0 && isConstant(model)) {
      model = new RandomNetwork(seed, ++attempt).build(seed);
    }
    return model;
  }

  /** Whether the result is the same for all inputs, which are then no test of the layers. */
  private static boolean isConstant(PartitionedModel model) {
    Graph graph = model.accelerator();
    Graph kept = StandardPasses.keepWhatMatters(graph, new DiagnosticCollector());
    return graph.outputs().stream().allMatch(output -> kept.constant(output).isPresent());
  }

  /** Frames over the whole range of the input's type. */
  static List<IntegerTensor> frames(PartitionedModel model, int count, long seed) {
    TensorType type = model.accelerator().inputs().get(0).type();
    IntegerType element = (IntegerType) type.element();
    Random random = new Random(seed);
    List<IntegerTensor> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int low = (int) element.minimum();
      int high = (int) element.maximum() + 1;
      frames.add(
          new IntegerTensor(type, random.ints(type.shape().elements(), low, high).toArray()));
    }
    return frames;
  }

  private PartitionedModel build(long seed) {
    TensorType type =
        new TensorType(activation(), layout.shape(1, 1 + random.nextInt(6), extent(), extent()));
    Value input = builder.input("x", type);
    Value value = input;
    int layers = 1 + random.nextInt(3);
    int ownPlace = random.nextInt(layers);
    List<Value> between = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      value = (i == ownPlace ? own : kind()).layer().add(this, value);
      between.add(value);
    }
    if (random.nextInt(3) == 0) {
      value = dense(value);
    }
    List<Value> outputs = outputs(between, value, new SplittableRandom(seed));
    outputs.forEach(builder::output);
    Graph graph = builder.build();
    Graph before = new Graph("before", List.of(input), List.of(input), List.of());
    Graph after = new Graph("after", outputs, outputs, List.of());
    return new PartitionedModel(graph, before, graph, after);
  }

  /**
   * The result, and of every third network some of what is between its layers and the result in
   * another shape, in any order. Apart from the other random numbers, so that layers do not depend
   * on it.
   */
  private List<Value> outputs(List<Value> between, Value result, SplittableRandom random) {
    List<Value> outputs = new ArrayList<>(List.of(result));
    if (random.nextInt(3) > 0) {
      return outputs;
    }
    for (Value value : between) {
      if (!outputs.contains(value) && random.nextBoolean()) {
        outputs.add(random.nextInt(outputs.size() + 1), value);
      }
    }
    if (outputs.size() == 1 || random.nextBoolean()) {
      int elements = result.type().shape().elements();
      outputs.add(builder.add(name("flat"), new Reshape(List.of(elements)), NOWHERE, result));
    }
    return outputs;
  }

  private Kind kind() {
    int left = random.nextInt(KINDS.stream().mapToInt(Kind::weight).sum());
    int index = 0;
    while (left >= KINDS.get(index).weight()) {
      left -= KINDS.get(index++).weight();
    }
    return KINDS.get(index);
  }

  private Value depthwise(Value x) {
    return convolution(x, channels(x) * (1 + random.nextInt(2)), channels(x));
  }

  private Value grouped(Value x) {
    int groups = channels(x) % 2 == 0 ? 2 : channels(x) % 3 == 0 ? 3 : 1;
    return convolution(x, groups * (1 + random.nextInt(3)), groups);
  }

  private Value convolution(Value x, int outputs, int groups) {
    return convolution(x, outputs, groups, window(x, true), activation());
  }

  private Value convolution(Value x, int outputs, int groups, Window window, IntegerType type) {
    Shape shape =
        Shape.of(outputs, channels(x) / groups, window.kernelHeight(), window.kernelWidth());
    IntegerType weightType = weightType();
    int taps = shape.elements() / outputs;
    double spread = spread(x, weightType, taps);
    Value weights = weights(shape, weightType);
    int zeroPoint = zeroPoint(x);
    IntegerConv2d op = new IntegerConv2d(window, layout, groups, zeroPoint);
    String name = name("conv");
    Value sum =
        random.nextInt(4) == 0
            ? builder.add(name, op, NOWHERE, x, weights)
            : builder.add(name, op, NOWHERE, x, weights, bias(outputs, spread));
    return requantize(sum, outputs, layout.channelAxis(), spread, type);
  }

  /** As a convolution of phases, which are then brought to their places. */
  private Value transposedConvolution(Value x) {
    Shape shape = x.type().shape();
    int rows = shape.dimension(layout.heightAxis());
    int columns = shape.dimension(layout.widthAxis());
    TransposedWindow window = new TransposedWindow(transposedAxis(rows), transposedAxis(columns));
    int channels = 1 + random.nextInt(3);
    Value y =
        convolution(
            x, channels * window.phases(), 1, window.convolution(rows, columns), activation());
    return chain(y, window.assembly(layout, shape, channels));
  }

  private TransposedWindow.Axis transposedAxis(int input) {
    int kernel = 1 + random.nextInt(4);
    int stride = 1 + random.nextInt(3);
    int dilation = 1 + random.nextInt(4) / 3;
    int span = (kernel - 1) * dilation + 1;
    int whole = (input - 1) * stride + span;
    int begin = random.nextInt((span + 1) / 2);
    int extent = whole - begin - random.nextInt((span + 1) / 2);
    return new TransposedWindow.Axis(kernel, stride, dilation, begin, extent);
  }

  private IntegerType weightType() {
    return new IntegerType(2 + random.nextInt(7), true);
  }

  /**
   * A dense layer on binary or ternary operands, whose weights are -1, 0 and 1: words of several
   * products, perhaps with padding in front.
   */
  private Value packed(Value x) {
    IntegerType narrow =
        List.of(new IntegerType(2, true), new IntegerType(2, false), new IntegerType(1, false))
            .get(random.nextInt(3));
    int channels = 4 * (1 + random.nextInt(5));
    Value operand = convolution(x, channels, 1, window(x, true), narrow);
    Value ready = random.nextBoolean() ? padded(operand) : operand;
    return perPlace(ready, activation(), new IntegerType(2, true));
  }

  /** A dense layer over the channels of each place. */
  private Value perPlace(Value x, IntegerType type, IntegerType weightType) {
    Value last = layout == Layout.NHWC ? x : transposed(x, List.of(0, 2, 3, 1));
    int inputs = channels(x);
    int outputs = 1 + random.nextInt(LARGEST_CHANNELS);
    double spread = spread(x, weightType, inputs);
    Value weights = weights(Shape.of(outputs, inputs), weightType);
    IntegerDense op = new IntegerDense(zeroPoint(x));
    Value sum = builder.add(name("dense"), op, NOWHERE, last, weights, bias(outputs, spread));
    Value y = requantize(sum, outputs, 3, spread, type);
    return layout == Layout.NHWC ? y : transposed(y, List.of(0, 3, 1, 2));
  }

  /** The same elements in another order; rows and columns change places too. */
  private Value reordered(Value x) {
    List<Integer> order =
        layout == Layout.NHWC
            ? List.of(List.of(0, 2, 1, 3), List.of(0, 3, 1, 2)).get(random.nextInt(2))
            : List.of(List.of(0, 1, 3, 2), List.of(0, 3, 2, 1)).get(random.nextInt(2));
    return transposed(x, order);
  }

  private Value transposed(Value x, List<Integer> axes) {
    return builder.add(name("transpose"), new Transpose(axes), NOWHERE, x);
  }

  private Value dense(Value x) {
    int inputs = x.type().shape().elements();
    Value source = random.nextInt(4) == 0 ? transposed(x) : x;
    Value flat = builder.add(name("flat"), new Reshape(List.of(1, inputs)), NOWHERE, source);
    int few = 2 + random.nextInt(9);
    // Apart from the other random numbers: many outputs of one scale share a requantizer's line.
    int outputs = many.nextInt(3) == 0 && inputs <= MANY_INPUTS ? 250 + few : few;
    IntegerType weightType = weightType();
    double spread = spread(x, weightType, inputs);
    Value weights = constant(perhapsCirculant(drawn(Shape.of(outputs, inputs), weightType)));
    Value sum =
        builder.add(
            name("dense"),
            new IntegerDense(zeroPoint(x)),
            NOWHERE,
            flat,
            weights,
            bias(outputs, spread));
    Value y = requantize(sum, outputs, 1, spread, activation());
    return random.nextInt(3) == 0
        ? builder.add(
            name("argmax"), new ArgMax(1, random.nextBoolean(), random.nextBoolean()), NOWHERE, y)
        : y;
  }

  /** Many matrices consist of circulant blocks instead, in the order of the model's elements. */
  private IntegerTensor perhapsCirculant(IntegerTensor weights) {
    if (many.nextInt(2) > 0) {
      return weights;
    }
    int size = 2 << many.nextInt(2);
    int inputs = weights.shape().dimension(1);
    IntegerType type = (IntegerType) weights.type().element();
    Map<Integer, Integer> diagonals = new HashMap<>();
    int[] circulant = new int[weights.data().length];
    for (int i = 0; i < circulant.length; i++) {
      int row = i / inputs;
      int column = i % inputs;
      int block = row / size * inputs + column / size;
      int diagonal = block * size + Math.floorMod(row - column, size);
      circulant[i] =
          diagonals.computeIfAbsent(
              diagonal, d -> (int) many.nextLong(1 - type.maximum(), type.maximum() + 1));
    }
    return new IntegerTensor(weights.type(), circulant);
  }

  /** Another order of the elements, as a model has it whose framework flattens another layout. */
  private Value transposed(Value x) {
    List<Integer> axes = new ArrayList<>(List.of(1, 2, 3));
    Collections.shuffle(axes, random);
    axes.add(0, 0);
    return transposed(x, axes);
  }

  private Value maxPool(Value x) {
    return builder.add(name("maxpool"), new MaxPool2d(window(x, false), layout), NOWHERE, x);
  }

  private Value averagePool(Value x) {
    Window window = window(x, false);
    Value sum =
        builder.add(
            name("sumpool"), new IntegerSumPool2d(window, layout, zeroPoint(x)), NOWHERE, x);
    int taps = window.kernelHeight() * window.kernelWidth();
    return requantize(sum, 1, 0, taps * magnitude(x), activation());
  }

  private Value residual(Value x) {
    IntegerType type = activation();
    Window same = new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
    Value branch = convolution(x, channels(x), 1, same, type);
    return sum(x, branch);
  }

  private Value sum(Value x, Value y) {
    IntegerType out = activation();
    SumRequantization sum =
        new RandomRequantizations(random, out)
            .ofSum(element(x), zeroPoint(x), element(y), zeroPoint(y));
    return builder.add(name("add"), new QuantizedAdd(sum, out), NOWHERE, x, y);
  }

  private Value joined(Value x) {
    IntegerType type = activation();
    Window window = window(x, true);
    Value left = convolution(x, 1 + random.nextInt(4), 1, window, type);
    Value right = convolution(x, 1 + random.nextInt(4), 1, window, type);
    return builder.add(name("concat"), new Concat(layout.channelAxis()), NOWHERE, left, right);
  }

  private Value padded(Value x) {
    int[] before = new int[4];
    int[] after = new int[4];
    for (int axis : new int[] {layout.heightAxis(), layout.widthAxis()}) {
      before[axis] = random.nextInt(3);
      after[axis] = random.nextInt(3);
    }
    return builder.add(name("pad"), new Pad(boxed(before), boxed(after), zeroPoint(x)), NOWHERE, x);
  }

  private Value requantized(Value x) {
    return requantize(x, channels(x), layout.channelAxis(), magnitude(x), activation());
  }

  private Value lookedUp(Value x) {
    IntegerType from = element(x);
    IntegerType to = activation();
    int axis = layout.channelAxis();
    int tables = random.nextBoolean() ? 1 : channels(x);
    List<IntUnaryOperator> functions = new ArrayList<>();
    for (int i = 0; i < tables; i++) {
      int[] table = random.ints(1 << from.bits(), 0, 1 << to.bits()).toArray();
      functions.add(v -> (int) to.minimum() + table[v - (int) from.minimum()]);
    }
    Lookup op = Lookup.perChannel(from, to, functions, axis);
    return builder.add(name("lookup"), op, NOWHERE, x);
  }

  private Value multiplied(Value x) {
    IntegerType type = activation();
    Window same = new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
    Value branch = convolution(x, channels(x), 1, same, type);
    return product(x, branch);
  }

  /** As squeeze and excitation have it: a factor for each channel, made of the whole map. */
  private Value broadcast(Value x) {
    int height = x.type().shape().dimension(layout.heightAxis());
    int width = x.type().shape().dimension(layout.widthAxis());
    IntegerSumPool2d whole = new IntegerSumPool2d(Window.of(height, width), layout, zeroPoint(x));
    Value sums = builder.add(name("sumpool"), whole, NOWHERE, x);
    Value means = requantize(sums, 1, 0, height * width * magnitude(x), activation());
    return random.nextBoolean() ? product(x, means) : sum(means, x);
  }

  private Value product(Value x, Value y) {
    IntegerMultiply op = new IntegerMultiply(zeroPoint(x), zeroPoint(y));
    Value product = builder.add(name("multiply"), op, NOWHERE, x, y);
    return requantize(product, 1, 0, magnitude(x) * magnitude(y), activation());
  }

  private Value mixed(Value x) {
    int rowUnit = 1 << random.nextInt(5);
    int columnUnit = 1 << random.nextInt(11);
    BilinearResize2d op =
        new BilinearResize2d(
            layout,
            zeroPoint(x),
            mixes(x.type().shape().dimension(layout.heightAxis()), rowUnit),
            rowUnit,
            mixes(x.type().shape().dimension(layout.widthAxis()), columnUnit),
            columnUnit);
    IntegerType type = element(x);
    Requantization quotient =
        new RoundedQuotient(rowUnit * columnUnit, (int) type.minimum(), (int) type.maximum());
    return builder.add(
        name("requantize"),
        new Requantize(List.of(quotient), 0, type),
        NOWHERE,
        builder.add(name("mix"), op, NOWHERE, x));
  }

  private List<BilinearResize2d.Mix> mixes(int extent, int unit) {
    return IntStream.range(0, 1 + random.nextInt(8))
        .mapToObj(
            i ->
                new BilinearResize2d.Mix(
                    random.nextInt(extent), random.nextInt(extent), random.nextInt(unit + 1)))
        .toList();
  }

  /** The larger or smaller of each element and what a layer makes in its place. */
  private Value larger(Value x) {
    IntegerType type = element(x);
    Window same = new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
    Value branch = convolution(x, channels(x), 1, same, type);
    Extremum op = new Extremum(random.nextBoolean());
    Shape shape = x.type().shape();
    Value left = chain(x, op.ofOperand(type, shape));
    Value right = chain(branch, op.ofOperand(type, shape));
    Value pairs = builder.add(name("pairs"), new Concat(1), NOWHERE, left, right);
    return chain(pairs, op.ofPairs(type, shape));
  }

  private Value chain(Value from, List<Op> operators) {
    Value value = from;
    for (Op operator : operators) {
      value = builder.add(name("chain"), operator, NOWHERE, value);
    }
    return value;
  }

  private Value softmax(Value x) {
    int last = x.type().shape().rank() - 1;
    float scale = random.nextFloat() / (1 << element(x).bits() / 2);
    IntegerType type = random.nextBoolean() ? IntegerType.INT8 : IntegerType.UINT8;
    if (random.nextBoolean()) {
      float step = random.nextInt(4) == 0 ? 0.02f : 1f / 256;
      int axis = 1 + random.nextInt(last);
      return builder.add(
          name("softmax"), new TableSoftmax(axis, scale, step, zeroPoint(type), type), NOWHERE, x);
    }
    QuantizedMultiplier multiplier = QuantizedMultiplier.of(Math.scalb(scale + 0.01, 26));
    int radius = (int) (31L * (1 << 26) >> multiplier.shift());
    return builder.add(
        name("softmax"), new QuantizedSoftmax(multiplier, -radius, type), NOWHERE, x);
  }

  private Value sliced(Value x) {
    List<Integer> starts = new ArrayList<>();
    List<Integer> steps = new ArrayList<>();
    List<Integer> extents = new ArrayList<>();
    for (int extent : x.type().shape().toArray()) {
      int step = 1 + random.nextInt(5) / 4;
      int start = random.nextInt(extent);
      int most = (extent - 1 - start) / step + 1;
      int length = 1 + random.nextInt(most);
      boolean backward = random.nextInt(4) == 0;
      starts.add(backward ? start + (length - 1) * step : start);
      steps.add(backward ? -step : step);
      extents.add(length);
    }
    return builder.add(name("slice"), new Slice(starts, steps, extents), NOWHERE, x);
  }

  private Value resized(Value x) {
    int rows = x.type().shape().dimension(layout.heightAxis());
    int columns = x.type().shape().dimension(layout.widthAxis());
    boolean anyOrder = random.nextInt(4) == 0;
    NearestResize2d op =
        new NearestResize2d(layout, places(rows, anyOrder), places(columns, anyOrder));
    return builder.add(name("resize"), op, NOWHERE, x);
  }

  private List<Integer> places(int extent, boolean anyOrder) {
    IntStream places = random.ints(1 + random.nextInt(2 * extent), 0, extent);
    return (anyOrder ? places : places.sorted()).boxed().toList();
  }

  private static List<Integer> boxed(int[] values) {
    return java.util.Arrays.stream(values).boxed().toList();
  }

  private Value requantize(Value x, int channels, int axis, double spread, IntegerType type) {
    List<Requantization> steps =
        new RandomRequantizations(random, type)
            .ofLayer(random.nextBoolean() ? channels : 1, spread);
    return builder.add(name("requantize"), new Requantize(steps, axis, type), NOWHERE, x);
  }

  /** Weights of two bits are -1, 0 and 1. */
  private static boolean isTernary(IntegerType weights) {
    return weights.bits() == 2;
  }

  private Value weights(Shape shape, IntegerType type) {
    return constant(drawn(shape, type));
  }

  private Value constant(IntegerTensor weights) {
    return builder.constant(name("weights"), weights, NOWHERE);
  }

  private IntegerTensor drawn(Shape shape, IntegerType type) {
    double zeros = new double[] {0, 0.3, 0.6, 0.9, 0.97, 1}[random.nextInt(6)];
    int[] data = new int[shape.elements()];
    for (int i = 0; i < data.length; i++) {
      int value =
          (int) type.maximum() - random.nextInt((1 << type.bits()) - (isTernary(type) ? 1 : 0));
      data[i] = random.nextDouble() < zeros ? 0 : value;
    }
    return new IntegerTensor(new TensorType(type, shape), data);
  }

  private Value bias(int outputs, double spread) {
    int[] data = new int[outputs];
    for (int i = 0; i < outputs; i++) {
      data[i] = (int) (random.nextGaussian() * spread);
    }
    return builder.constant(
        name("bias"), IntegerTensor.of(IntegerType.INT32, Shape.of(outputs), data), NOWHERE);
  }

  /** A window that fits; kernels up to 4, strides up to 3, dilations up to 2, pads of any kind. */
  private Window window(Value x, boolean dilated) {
    int height = x.type().shape().dimension(layout.heightAxis());
    int width = x.type().shape().dimension(layout.widthAxis());
    while (true) {
      int kh = 1 + random.nextInt(4);
      int kw = 1 + random.nextInt(4);
      int dh = dilated ? 1 + random.nextInt(4) / 3 : 1;
      int dw = dilated ? 1 + random.nextInt(4) / 3 : 1;
      boolean pads = random.nextBoolean();
      Window window =
          new Window(
              kh,
              kw,
              1 + random.nextInt(5) / 2,
              1 + random.nextInt(5) / 2,
              dh,
              dw,
              pads ? random.nextInt(kh) : 0,
              pads ? random.nextInt(kw) : 0,
              pads ? random.nextInt(kh) : 0,
              pads ? random.nextInt(kw) : 0);
      if (window.outputHeight(height) >= 1 && window.outputWidth(width) >= 1) {
        return window;
      }
    }
  }

  private double spread(Value x, IntegerType weights, int taps) {
    return Math.max(1, Math.sqrt(taps) * magnitude(x) * weights.maximum() / 2);
  }

  private static double magnitude(Value x) {
    return Math.pow(2, element(x).bits() - 1);
  }

  private IntegerType activation() {
    int bits = random.nextBoolean() ? 8 : 2 + random.nextInt(7);
    return new IntegerType(bits, random.nextBoolean());
  }

  private int zeroPoint(Value x) {
    return zeroPoint(element(x));
  }

  private int zeroPoint(IntegerType type) {
    return (int) type.minimum() + random.nextInt(1 << type.bits());
  }

  private int channels(Value x) {
    return x.type().shape().dimension(layout.channelAxis());
  }

  private static IntegerType element(Value x) {
    return (IntegerType) x.type().element();
  }

  private int extent() {
    return 1 + random.nextInt(9);
  }

  private String name(String kind) {
    return kind + nodes++;
  }
}
