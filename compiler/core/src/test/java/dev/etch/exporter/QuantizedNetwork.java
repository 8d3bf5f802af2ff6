// SPDX-License-Identifier: Apache-2.0
package dev.etch.exporter;

import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Value;
import dev.etch.op.Add;
import dev.etch.op.AveragePool2d;
import dev.etch.op.Clip;
import dev.etch.op.Constant;
import dev.etch.op.Conv2d;
import dev.etch.op.Dense;
import dev.etch.op.Dequantize;
import dev.etch.op.Layout;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Op;
import dev.etch.op.Quantization;
import dev.etch.op.Quantize;
import dev.etch.op.Relu;
import dev.etch.op.Reshape;
import dev.etch.op.Window;
import dev.etch.tensor.ClusteredWeights;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.SparseWeights;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A small residual network of bytes with every operator that compress gives, and its floats. */
final class QuantizedNetwork {
  private static final Location HERE = Location.file("network");
  private static final int CHANNELS = 6;

  private final Layout layout;
  private final SplittableRandom random;
  private GraphBuilder builder;
  private boolean quantizes;

  /** Of the weights that were made last. */
  private List<Float> scales;

  QuantizedNetwork(Layout layout, long seed) {
    this.layout = layout;
    this.random = new SplittableRandom(seed);
  }

  /** Quantized: bytes to int8. */
  Graph graph() {
    return build(true);
  }

  /** The same layers in floats. */
  Graph floats() {
    return build(false);
  }

  private Graph build(boolean quantized) {
    builder = new GraphBuilder("network");
    quantizes = quantized;
    Shape shape = layout == Layout.NHWC ? Shape.of(1, 8, 8, 3) : Shape.of(1, 3, 8, 8);
    Value x =
        builder.input(
            "x", new TensorType(quantized ? IntegerType.UINT8 : FloatType.FLOAT32, shape));
    Value real =
        quantized
            ? builder.add(
                "x.real",
                new Dequantize(Quantization.perTensor(IntegerType.UINT8, 1 / 255f, 3)),
                HERE,
                x)
            : x;
    Value first =
        quantize(
            "a", activated("a", convolution("conv1", real, 1 / 255f, 3, 1), new Relu()), 0.03f);
    Value second =
        quantize(
            "b",
            activated("b", convolution("conv2", first, 0.03f, CHANNELS, 1), new Clip(0, 6)),
            0.02f);
    Value depthwise = quantize("c", convolution("conv3", second, 0.02f, 1, CHANNELS), 0.05f);
    Value sum =
        quantize(
            "sum",
            activated("s", builder.add("add", new Add(), HERE, first, depthwise), new Relu()),
            0.05f);
    Value largest =
        builder.add(
            "pool", new MaxPool2d(new Window(2, 2, 2, 2, 1, 1, 0, 0, 0, 0), layout), HERE, sum);
    Value mean =
        quantize(
            "mean",
            builder.add("average", AveragePool2d.ofWholeMaps(4, 4, layout), HERE, largest),
            0.04f);
    Value row = builder.add("row", new Reshape(List.of(1, CHANNELS)), HERE, mean);
    Value scores =
        builder.add(
            "dense",
            new Dense(),
            HERE,
            row,
            weights("dense", Shape.of(10, CHANNELS)),
            bias("dense", 10, 0.04f));
    Value output =
        quantizes
            ? integers("out", scores, Quantization.perTensor(IntegerType.INT8, 0.06f, -4))
            : scores;
    builder.output(output);
    return builder.build();
  }

  private Value activated(String name, Value x, Op op) {
    return builder.add(name + ".act", op, HERE, x);
  }

  private Value convolution(String name, Value x, float scale, int inputs, int groups) {
    Op op = new Conv2d(new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1), layout, groups);
    return builder.add(
        name,
        op,
        HERE,
        x,
        weights(name, Shape.of(CHANNELS, inputs, 3, 3)),
        bias(name, CHANNELS, scale));
  }

  /**
   * Dense layers are sparse, the second convolution is clustered, others have a scale a channel.
   */
  private Value weights(String name, Shape shape) {
    int[] data = new int[shape.elements()];
    boolean sparse = name.equals("dense");
    Arrays.setAll(
        data,
        i ->
            sparse && random.nextInt(3) > 0
                ? 0
                : name.equals("conv2") ? 30 * random.nextInt(-3, 4) : random.nextInt(-127, 128));
    scales = new ArrayList<>();
    int count = name.equals("conv2") ? 1 : shape.dimension(0);
    for (int i = 0; i < count; i++) {
      scales.add((float) (0.002 + 0.003 * random.nextDouble()));
    }
    Quantization quantization =
        new Quantization(
            IntegerType.INT8, scales, new ArrayList<>(Collections.nCopies(count, 0)), 0);
    if (!quantizes) {
      float[] reals = new float[data.length];
      for (int i = 0; i < data.length; i++) {
        reals[i] = data[i] * scales.get(i / (data.length / count));
      }
      return builder.constant(name + ".w", FloatTensor.of(shape, reals), HERE);
    }
    IntegerTensor all = IntegerTensor.of(IntegerType.INT8, shape, data);
    Value stored =
        sparse
            ? builder.add(name + ".w", new Constant(sparse(all)), HERE)
            : name.equals("conv2")
                ? builder.add(name + ".w", new Constant(clustered(all)), HERE)
                : builder.constant(name + ".w", all, HERE);
    return builder.add(name + ".w.real", new Dequantize(quantization), HERE, stored);
  }

  private static SparseWeights sparse(IntegerTensor all) {
    int[] places = IntStream.range(0, all.data().length).filter(i -> all.data()[i] != 0).toArray();
    int[] values = Arrays.stream(places).map(i -> all.data()[i]).toArray();
    return new SparseWeights(
        all.type(),
        IntegerTensor.of(IntegerType.INT32, Shape.of(places.length), places),
        IntegerTensor.of(IntegerType.INT8, Shape.of(places.length), values));
  }

  private static ClusteredWeights clustered(IntegerTensor all) {
    int[] codebook = Arrays.stream(all.data()).sorted().distinct().toArray();
    int[] indexes = Arrays.stream(all.data()).map(v -> Arrays.binarySearch(codebook, v)).toArray();
    return new ClusteredWeights(
        IntegerTensor.of(IntegerType.INT8, Shape.of(codebook.length), codebook),
        IntegerTensor.of(IntegerType.INT32, all.shape(), indexes));
  }

  private Value bias(String name, int outputs, float input) {
    int[] data = new int[outputs];
    Arrays.setAll(data, i -> random.nextInt(-2000, 2000));
    List<Float> products = scales.stream().map(scale -> scale * input).toList();
    if (!quantizes) {
      float[] reals = new float[outputs];
      for (int i = 0; i < outputs; i++) {
        reals[i] = data[i] * products.get(i % products.size());
      }
      return builder.constant(name + ".b", FloatTensor.of(Shape.of(outputs), reals), HERE);
    }
    Value stored =
        builder.constant(
            name + ".b", IntegerTensor.of(IntegerType.INT32, Shape.of(outputs), data), HERE);
    Quantization quantization =
        new Quantization(IntegerType.INT32, products, Collections.nCopies(products.size(), 0), 0);
    return builder.add(name + ".b.real", new Dequantize(quantization), HERE, stored);
  }

  private Value quantize(String name, Value x, float scale) {
    if (!quantizes) {
      return x;
    }
    Quantization quantization =
        Quantization.perTensor(IntegerType.UINT8, scale, name.equals("c") ? 128 : 0);
    return builder.add(
        name + ".real", new Dequantize(quantization), HERE, integers(name, x, quantization));
  }

  private Value integers(String name, Value x, Quantization quantization) {
    return builder.add(name + ".integers", new Quantize(quantization), HERE, x);
  }
}
