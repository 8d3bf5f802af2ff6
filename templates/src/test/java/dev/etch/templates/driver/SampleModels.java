// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.driver;

import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Node;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.hardware.Design;
import dev.etch.hardware.ForkUnit;
import dev.etch.hardware.FrameOrder;
import dev.etch.hardware.OutputPort;
import dev.etch.hardware.Stream;
import dev.etch.hardware.StreamType;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WidthUnit;
import dev.etch.lower.LoweredModel;
import dev.etch.op.Dequantize;
import dev.etch.op.HardSwish;
import dev.etch.op.InterpolatedSoftmax;
import dev.etch.op.Linear;
import dev.etch.op.LogSoftmax;
import dev.etch.op.Op;
import dev.etch.op.Quantization;
import dev.etch.op.Quantize;
import dev.etch.op.QuantizeTiesAway;
import dev.etch.op.QuantizedLogSoftmax;
import dev.etch.op.QuantizedSoftmax;
import dev.etch.op.RealQuantize;
import dev.etch.op.Reshape;
import dev.etch.op.Sigmoid;
import dev.etch.op.Softmax;
import dev.etch.op.TableSoftmax;
import dev.etch.op.Transpose;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.op.requantization.RealQuantizer;
import dev.etch.op.requantization.RealRounding;
import dev.etch.op.requantization.RealStep;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small models whose accelerator only flattens, with vectors from the operators' own meaning. */
public final class SampleModels {
  private static final Location HERE = Location.file("sample");
  private static final Shape INPUT = Shape.of(1, 2, 3, 4);

  private SampleModels() {}

  /** Floats in and out: quantize, flatten, dequantize, softmax and the logarithm of another. */
  static LoweredModel floats(String name) {
    IntegerType type = IntegerType.INT8;
    Quantization input = Quantization.perTensor(type, 0.1f, -3);
    Quantization output =
        new Quantization(type, java.util.Collections.nCopies(24, 0.37f), zeros(24), 1);
    return lowered(
        name,
        new TensorType(FloatType.FLOAT32, INPUT),
        List.of(new Quantize(input)),
        type,
        List.of(new Dequantize(output), new Softmax(1), new LogSoftmax(1)));
  }

  /** Floats in, rounded as TFLite does it, and its fixed-point softmax out. */
  static LoweredModel fixedPoint(String name) {
    IntegerType type = IntegerType.INT8;
    return lowered(
        name,
        new TensorType(FloatType.FLOAT32, INPUT),
        List.of(new QuantizeTiesAway(Quantization.perTensor(type, 0.1f, -3))),
        type,
        List.of(new QuantizedSoftmax(new QuantizedMultiplier(1_717_986_918, 22), -248, type)));
  }

  /** Floats in, rounded as TFLite does it, and its fixed-point logarithm of softmax out. */
  static LoweredModel fixedPointLogarithm(String name) {
    return lowered(
        name,
        new TensorType(FloatType.FLOAT32, INPUT),
        List.of(new QuantizeTiesAway(Quantization.perTensor(IntegerType.INT8, 0.1f, -3))),
        IntegerType.INT8,
        List.of(
            new QuantizedLogSoftmax(
                new QuantizedMultiplier(1_717_986_918, 22),
                new QuantizedMultiplier(1_342_177_280, -21),
                -248)));
  }

  /** Floats in and out, with functions of one number behind the last layer. */
  static LoweredModel functions(String name) {
    IntegerType type = IntegerType.INT8;
    Quantization quantization = Quantization.perTensor(type, 0.05f, -3);
    return lowered(
        name,
        new TensorType(FloatType.FLOAT32, INPUT),
        List.of(new Quantize(quantization)),
        type,
        List.of(new Dequantize(quantization), new HardSwish(), new Sigmoid()));
  }

  /** Floats in, and a softmax with a table of exponentials out, along an axis in the middle. */
  static LoweredModel tableSoftmax(String name) {
    IntegerType type = IntegerType.INT8;
    return lowered(
        name,
        new TensorType(FloatType.FLOAT32, INPUT),
        List.of(new Quantize(Quantization.perTensor(type, 0.1f, -3))),
        type,
        List.of(new TableSoftmax(1, 0.05f, 1 / 255f, -128, type)));
  }

  /** Floats in, 16-bit activations, and TFLite's softmax of those out. */
  static LoweredModel wide(String name) {
    IntegerType type = new IntegerType(16, true);
    return lowered(
        name,
        new TensorType(FloatType.FLOAT32, INPUT),
        List.of(new QuantizeTiesAway(Quantization.perTensor(type, 0.001f, 0))),
        type,
        List.of(new InterpolatedSoftmax(new QuantizedMultiplier(1_717_986_918, 1))));
  }

  /** Floats in and out as QONNX has them: arithmetic with constants, all quantizers in turn. */
  static LoweredModel reals(String name) {
    IntegerType type = IntegerType.INT8;
    List<Op> before = new ArrayList<>();
    before.add(
        new Linear(
            List.of(new RealStep.Linear(1, 3, -0.25f), new RealStep.Linear(0.5f, -3, 0.1f)), 1));
    for (RealQuantizer quantizer : quantizers()) {
      if (before.size() > 1) {
        // half the numbers lie between two integers of the next quantizer
        before.add(new Dequantize(Quantization.perTensor(type, 0.75f, 20)));
      }
      before.add(new RealQuantize(List.of(quantizer), 0, type));
    }
    return lowered(
        name,
        new TensorType(FloatType.FLOAT32, Shape.of(1, 2, 3, 4)),
        before,
        type,
        List.of(
            new Dequantize(Quantization.perTensor(type, 0.37f, 0)),
            new Linear(List.of(new RealStep.Linear(3, 1, 0)), 0)));
  }

  private static List<RealQuantizer> quantizers() {
    List<RealQuantizer> all = new ArrayList<>();
    for (RealRounding rounding : RealRounding.values()) {
      all.add(new RealQuantizer.Uniform(0.5f, 3, -7, 100, rounding));
      all.add(new RealQuantizer.Truncated(0.125f, 4, -99, 100, rounding));
    }
    all.add(new RealQuantizer.Linear(0.5f, 3, -128, 127));
    all.add(new RealQuantizer.Ternary());
    all.add(new RealQuantizer.Bipolar(0.5f, 30));
    return all;
  }

  /** Integers in and out, through a transposition on the host. */
  static LoweredModel integers(String name) {
    IntegerType type = IntegerType.UINT8;
    return lowered(
        name,
        new TensorType(type, Shape.of(1, 3, 4, 2)),
        List.of(new Transpose(List.of(0, 3, 1, 2))),
        type,
        List.of());
  }

  private static List<Integer> zeros(int count) {
    return java.util.stream.IntStream.range(0, count).map(i -> i % 5).boxed().toList();
  }

  private static LoweredModel lowered(
      String name, TensorType inputType, List<Op> before, IntegerType element, List<Op> after) {
    Graph first = chain(name, inputType, before);
    Graph middle = chain(name, first.outputs().get(0).type(), List.of(new Reshape(List.of(1, 24))));
    Graph last = chain(name, middle.outputs().get(0).type(), after);
    List<Op> all = new ArrayList<>(before);
    all.add(new Reshape(List.of(1, 24)));
    all.addAll(after);
    PartitionedModel model = new PartitionedModel(chain(name, inputType, all), first, middle, last);
    Stream in = new Stream("in", new StreamType(1, element), 24);
    Stream out = new Stream("out", new StreamType(2, element), 12);
    Map<Stream, Integer> depths = new LinkedHashMap<>();
    depths.put(in, 2);
    depths.put(out, 2);
    List<Unit> units = List.of(new WidthUnit("widen", "flatten", in, out));
    FrameOrder order = rowsColumnsChannels();
    LoweredModel.Meaning source = new LoweredModel.Meaning(middle.inputs().get(0), order);
    LoweredModel.Meaning result = new LoweredModel.Meaning(middle.outputs().get(0), order);
    return new LoweredModel(
        model,
        model.accelerator(),
        new Design("top", units, depths, in, out),
        source,
        List.of(result),
        Map.of(in, source, out, result));
  }

  /** Where the elements of NCHW data lie when they travel as HWC. */
  private static FrameOrder rowsColumnsChannels() {
    int[] indexes = new int[24];
    for (int p = 0; p < 24; p++) {
      indexes[p] = p % 2 * 12 + p / 2;
    }
    return new FrameOrder(indexes);
  }

  private static Graph chain(String name, TensorType input, List<Op> ops) {
    GraphBuilder builder = new GraphBuilder(name);
    Value value = builder.input("x", input);
    for (Op op : ops) {
      value = builder.add("node", op, HERE, value);
    }
    builder.output(value);
    return builder.build();
  }

  /**
   * Three outputs of two streams: floats, a distribution made of the same stream, and integers in
   * another order.
   */
  public static LoweredModel several(String name) {
    IntegerType element = IntegerType.UINT8;
    TensorType type = new TensorType(element, INPUT);
    Graph before = chain(name, type, List.of());
    GraphBuilder middle = new GraphBuilder(name);
    Value x = middle.input("x", type);
    Value flat = middle.add("flat", new Reshape(List.of(1, 24)), HERE, x);
    Value copy = middle.add("copy", new Reshape(List.of(24)), HERE, x);
    middle.output(flat);
    middle.output(copy);
    GraphBuilder after = new GraphBuilder(name);
    Value scores = after.input("scores", flat.type());
    Value plain = after.input("class", copy.type());
    Value real =
        after.add("real", new Dequantize(Quantization.perTensor(element, 0.25f, 3)), HERE, scores);
    after.output(real);
    after.output(after.add("share", new Softmax(1), HERE, real));
    after.output(plain);
    Graph accelerator = middle.build();
    Stream in = new Stream("in", new StreamType(1, element), 24);
    Stream one = new Stream("one", new StreamType(1, element), 24);
    Stream other = new Stream("other", new StreamType(1, element), 24);
    Stream wide = new Stream("wide", new StreamType(2, element), 12);
    Map<Stream, Integer> depths = new LinkedHashMap<>();
    List.of(in, one, other, wide).forEach(stream -> depths.put(stream, 2));
    List<Unit> units =
        List.of(
            new ForkUnit("fork", "flatten", in, List.of(one, other)),
            new WidthUnit("widen", "flatten", other, wide));
    FrameOrder order = rowsColumnsChannels();
    LoweredModel.Meaning source = new LoweredModel.Meaning(accelerator.inputs().get(0), order);
    List<LoweredModel.Meaning> results =
        accelerator.outputs().stream().map(v -> new LoweredModel.Meaning(v, order)).toList();
    List<OutputPort> ports =
        List.of(new OutputPort("m_axis_flat", one), new OutputPort("m_axis_copy", wide));
    return new LoweredModel(
        new PartitionedModel(accelerator, before, accelerator, after.build()),
        accelerator,
        new Design("top", units, depths, in, ports, List.of()),
        source,
        results,
        Map.of(in, source, one, results.get(0), wide, results.get(1)));
  }

  /** Random frames with what each part makes of them. */
  public static List<ReferenceVector> vectors(LoweredModel lowered, int count) {
    Random random = new Random(7);
    List<ReferenceVector> vectors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Tensor input = random(lowered.model().before().inputs().get(0).type(), random);
      Tensor quantized = run(lowered.model().before(), List.of(input)).get(0);
      List<Tensor> results = run(lowered.model().accelerator(), List.of(quantized));
      vectors.add(
          new ReferenceVector(
              input,
              (IntegerTensor) quantized,
              results.stream().map(IntegerTensor.class::cast).toList(),
              run(lowered.model().after(), results)));
    }
    return vectors;
  }

  private static Tensor random(TensorType type, Random random) {
    int count = type.shape().elements();
    if (type.isFloat()) {
      float[] data = new float[count];
      for (int i = 0; i < count; i++) {
        // Many exact halves of the scale, and some values beyond the range.
        data[i] =
            i % 3 == 0 ? (random.nextInt(40) - 20) * 0.05f : (float) random.nextGaussian() * 9;
      }
      data[0] = Float.NaN;
      data[1] = Float.POSITIVE_INFINITY;
      return new FloatTensor(type, data);
    }
    return new IntegerTensor(type, random.ints(count, 0, 256).toArray());
  }

  private static List<Tensor> run(Graph graph, List<Tensor> inputs) {
    Map<Value, Tensor> values = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      values.put(graph.inputs().get(i), inputs.get(i));
    }
    for (Node node : graph.nodes()) {
      List<Tensor> operands = node.inputs().stream().map(values::get).toList();
      values.put(node.output(), node.op().evaluate(operands).get(0));
    }
    return graph.outputs().stream().map(values::get).toList();
  }
}
