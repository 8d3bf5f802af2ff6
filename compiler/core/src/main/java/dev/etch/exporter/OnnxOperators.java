// SPDX-License-Identifier: Apache-2.0
package dev.etch.exporter;

import dev.etch.exporter.OnnxFile.Attributes;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
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
import dev.etch.op.Quantization;
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
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** How each operator is written: those of float networks, and of their quantized forms (QDQ). */
final class OnnxOperators {
  private static final int BYTE = 8;

  private static final OperatorTable<OnnxWriter> WRITERS = table();

  private OnnxOperators() {}

  private static OperatorTable<OnnxWriter> table() {
    return OperatorTable.<OnnxWriter>of("export to ONNX")
        .with((node, values) -> {}, Constant.class)
        .with(OnnxOperators::quantize, Quantize.class)
        .with(OnnxOperators::dequantize, Dequantize.class)
        .with(OnnxOperators::convolution, Conv2d.class)
        .with(OnnxOperators::dense, Dense.class)
        .with(OnnxOperators::maximum, MaxPool2d.class)
        .with(OnnxOperators::average, AveragePool2d.class)
        .with(OnnxOperators::mean, ReduceMean2d.class)
        .with(OnnxOperators::clip, Clip.class)
        .with((node, values) -> each("Relu", node, values), Relu.class)
        .with((node, values) -> each("Add", node, values), Add.class)
        .with((node, values) -> each("Mul", node, values), Multiply.class)
        .with(OnnxOperators::normalization, BatchNormalization.class)
        .with(OnnxOperators::reshape, Reshape.class)
        .with(OnnxOperators::transpose, Transpose.class)
        .with(OnnxOperators::softmax, Softmax.class)
        .without("is arithmetic of integers that ONNX has no operator for", IntegerOp.class)
        .without(
            "is in no network that compress trains",
            ArgMax.class,
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
            Pad.class,
            QuantizeTiesAway.class,
            RealQuantize.class,
            Slice.class,
            SpaceToBatch.class)
        .build();
  }

  static void write(Node node, OnnxValues values) {
    WRITERS
        .find(node.op())
        .orElseThrow(
            () ->
                new NotInOnnx(
                    "form of " + node.op().getClass().getSimpleName() + " that Etch writes",
                    "export the model as it was before its operators became integers"))
        .write(node, values);
  }

  private static void quantize(Node node, OnnxValues values) {
    Quantization quantization = ((Quantize) node.op()).quantization();
    if (quantization.type().bits() != BYTE) {
      throw new NotInOnnx(
          quantization.type() + " as activations in operator set 17", "quantize them to 8 bits");
    }
    boolean first = values.isFirst(node.inputs().get(0)) && quantization.isPerTensor();
    String x = first ? values.first(node.inputs().get(0)) : values.get(node.inputs().get(0));
    String scale = values.scale(node.name(), quantization);
    String zero = values.zeroPoint(node.name(), quantization);
    add("QuantizeLinear", node, List.of(x, scale, zero), axis(quantization), values, first);
  }

  private static void dequantize(Node node, OnnxValues values) {
    Quantization quantization = ((Dequantize) node.op()).quantization();
    boolean first = values.isFirst(node.inputs().get(0)) && quantization.isPerTensor();
    String x = first ? values.first(node.inputs().get(0)) : values.get(node.inputs().get(0));
    String result = first ? values.defineFirst(node.output()) : values.define(node.output());
    values.dequantize(node.name(), x, quantization, axis(quantization), result);
  }

  private static Attributes axis(Quantization quantization) {
    return quantization.isPerTensor()
        ? Attributes.none()
        : Attributes.none().integer("axis", quantization.axis());
  }

  private static void add(
      String operator,
      Node node,
      List<String> inputs,
      Attributes attributes,
      OnnxValues values,
      boolean first) {
    String result = first ? values.defineFirst(node.output()) : values.define(node.output());
    values.file().node(operator, node.name(), inputs, result, attributes);
  }

  /** An operator on feature maps. */
  private static void onMaps(
      String operator, Node node, Layout layout, Attributes attributes, OnnxValues values) {
    List<String> inputs = new ArrayList<>();
    inputs.add(values.maps(node.inputs().get(0), layout));
    node.inputs().stream().skip(1).forEach(constant -> inputs.add(values.get(constant)));
    add(operator, node, inputs, attributes, values, layout == Layout.NHWC);
  }

  private static void convolution(Node node, OnnxValues values) {
    Conv2d op = (Conv2d) node.op();
    onMaps("Conv", node, op.layout(), window(op.window()).integer("group", op.groups()), values);
  }

  private static Attributes window(Window window) {
    return kernel(window)
        .integers("dilations", List.of(window.dilationHeight(), window.dilationWidth()));
  }

  private static Attributes kernel(Window window) {
    return Attributes.none()
        .integers("kernel_shape", List.of(window.kernelHeight(), window.kernelWidth()))
        .integers("strides", List.of(window.strideHeight(), window.strideWidth()))
        .integers(
            "pads",
            List.of(window.padTop(), window.padLeft(), window.padBottom(), window.padRight()));
  }

  private static void maximum(Node node, OnnxValues values) {
    MaxPool2d op = (MaxPool2d) node.op();
    onMaps("MaxPool", node, op.layout(), window(op.window()), values);
  }

  private static void average(Node node, OnnxValues values) {
    AveragePool2d op = (AveragePool2d) node.op();
    if (op.global()) {
      onMaps("GlobalAveragePool", node, op.layout(), Attributes.none(), values);
      return;
    }
    if (op.window().dilationHeight() != 1 || op.window().dilationWidth() != 1) {
      throw new NotInOnnx("average pool with dilation in operator set 17", "leave it away");
    }
    Attributes attributes =
        kernel(op.window()).integer("count_include_pad", op.countPadding() ? 1 : 0);
    onMaps("AveragePool", node, op.layout(), attributes, values);
  }

  private static void mean(Node node, OnnxValues values) {
    Attributes attributes =
        Attributes.none().integers("axes", List.of(2, 3)).integer("keepdims", 1);
    onMaps("ReduceMean", node, ((ReduceMean2d) node.op()).layout(), attributes, values);
  }

  private static void normalization(Node node, OnnxValues values) {
    BatchNormalization op = (BatchNormalization) node.op();
    Layout layout = op.channelAxis() == 1 ? Layout.NCHW : Layout.NHWC;
    onMaps(
        "BatchNormalization",
        node,
        layout,
        Attributes.none().number("epsilon", op.epsilon()),
        values);
  }

  private static void dense(Node node, OnnxValues values) {
    if (node.inputs().get(0).type().shape().rank() != 2) {
      throw new NotInOnnx(
          "Gemm of " + node.inputs().get(0).type(), "reshape the operand to rows in front of it");
    }
    List<String> inputs = node.inputs().stream().map(values::get).toList();
    add("Gemm", node, inputs, Attributes.none().integer("transB", 1), values, false);
  }

  /** An operator on elements, which do not mind where channels are. */
  private static void each(String operator, Node node, OnnxValues values) {
    boolean first =
        node.inputs().stream().allMatch(values::isFirst)
            && node.inputs().stream()
                .allMatch(x -> x.type().shape().equals(node.output().type().shape()));
    List<String> inputs =
        node.inputs().stream().map(x -> first ? values.first(x) : values.get(x)).toList();
    add(operator, node, inputs, Attributes.none(), values, first);
  }

  private static void clip(Node node, OnnxValues values) {
    Clip op = (Clip) node.op();
    Value x = node.inputs().get(0);
    boolean first = values.isFirst(x);
    List<String> inputs =
        List.of(
            first ? values.first(x) : values.get(x),
            limit(node.name() + ".minimum", op.minimum(), values),
            limit(node.name() + ".maximum", op.maximum(), values));
    add("Clip", node, inputs, Attributes.none(), values, first);
  }

  private static String limit(String name, float value, OnnxValues values) {
    return values.file().initializer(values.fresh(name), FloatTensor.of(Shape.of(), value));
  }

  private static void reshape(Node node, OnnxValues values) {
    String shape =
        values
            .file()
            .longs(values.fresh(node.name() + ".shape"), node.output().type().shape().dimensions());
    add(
        "Reshape",
        node,
        List.of(values.get(node.inputs().get(0)), shape),
        Attributes.none(),
        values,
        false);
  }

  private static void transpose(Node node, OnnxValues values) {
    List<Integer> permutation = ((Transpose) node.op()).permutation();
    add(
        "Transpose",
        node,
        List.of(values.get(node.inputs().get(0))),
        Attributes.none().integers("perm", permutation),
        values,
        false);
  }

  private static void softmax(Node node, OnnxValues values) {
    add(
        "Softmax",
        node,
        List.of(values.get(node.inputs().get(0))),
        Attributes.none().integer("axis", ((Softmax) node.op()).axis()),
        values,
        false);
  }
}
