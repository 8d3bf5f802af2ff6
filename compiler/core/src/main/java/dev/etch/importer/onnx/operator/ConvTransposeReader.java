// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.importer.onnx.data.WeightForms;
import dev.etch.op.ConvTranspose2d;
import dev.etch.op.Layout;
import dev.etch.op.Quantization;
import dev.etch.op.TransposedWindow;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Weights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** ConvTranspose of opsets 1 to 22. */
final class ConvTransposeReader implements OperatorReader {
  private static final int MOST = 1 << 15;

  @Override
  public Signature signature() {
    return Signature.of(
        2,
        3,
        "auto_pad",
        "dilations",
        "group",
        "kernel_shape",
        "output_padding",
        "output_shape",
        "pads",
        "strides");
  }

  @Override
  public String notes() {
    return "1-D and 2-D; groups, strides, dilations, pads, auto_pad, output_padding, output_shape";
  }

  @Override
  public void read(NodeContext node) {
    List<Integer> extents = Spatial.extents(node, 0);
    node.checkRank(1, "weights", extents.size() + 2);
    int groups = node.attributes().integer("group", 1);
    if (groups < 1 || node.shape(1).dimension(0) % groups != 0) {
      throw new Refusal(
          node.shape(1).dimension(0) + " input channels in " + groups + " groups",
          "the channels must be a multiple of the groups");
    }
    ConvTranspose2d op = new ConvTranspose2d(window(node, extents), Layout.NCHW, groups);
    Value x = Spatial.lifted(node, 0);
    Value weights = node.materialize(weights(node, groups), node.inputName(1));
    if (node.has(2) && FloatBias.wanted(node.operand(1))) {
      FloatBias.result(node, Spatial.biasless(node, op, x, weights), node.operand(2), 1);
    } else if (node.has(2)) {
      Spatial.result(node, op, x, weights, node.value(2));
    } else {
      Spatial.result(node, op, x, weights);
    }
  }

  /** [inputs, outputs / groups, rows, columns] to [outputs, inputs / groups, rows, columns]. */
  private static Operand weights(NodeContext node, int groups) {
    Operand operand = node.operand(1);
    if (operand instanceof Operand.Constant constant) {
      return new Operand.Constant(moved(constant.weights(), groups));
    }
    if (operand instanceof Operand.DequantizedConstant dequantized) {
      Weights moved = moved(dequantized.integers(), groups);
      return dequantized.with(moved, quantization(dequantized.quantization(), groups));
    }
    throw new Refusal("its weights are computed, not constant", "use constant weights");
  }

  private static Weights moved(Weights weights, int groups) {
    Shape from = Spatial.lifted(weights.type().shape());
    int inputs = from.dimension(0) / groups;
    int outputs = from.dimension(1);
    int rows = from.dimension(2);
    int columns = from.dimension(3);
    Weights split = WeightForms.reshaped(weights, Shape.of(groups, inputs, outputs, rows, columns));
    return WeightForms.reshaped(
        WeightForms.transposed(split, List.of(0, 2, 1, 3, 4)),
        Shape.of(Math.multiplyExact(groups, outputs), inputs, rows, columns));
  }

  /** The scales of the output channels, which all groups share. */
  private static Quantization quantization(Quantization stored, int groups) {
    if (stored.isPerTensor()) {
      return stored;
    }
    if (stored.axis() != 1) {
      throw new Refusal(
          "its weights are quantized along axis " + stored.axis(),
          "quantize them per tensor or along axis 1, the output channels");
    }
    return new Quantization(
        stored.type(), repeated(stored.scales(), groups), repeated(stored.zeroPoints(), groups), 0);
  }

  private static <T> List<T> repeated(List<T> list, int times) {
    List<T> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      all.addAll(list);
    }
    return all;
  }

  private static TransposedWindow window(NodeContext node, List<Integer> extents) {
    List<Integer> kernel = Spatial.extents(node, 1);
    int axes = extents.size();
    if (!list(node, "kernel_shape", kernel).equals(kernel)) {
      throw new Refusal("kernel_shape is not that of the weights, " + kernel, "");
    }
    List<Integer> ones = Collections.nCopies(axes, 1);
    List<Integer> zeros = Collections.nCopies(axes, 0);
    List<Integer> strides = list(node, "strides", ones);
    List<Integer> dilations = list(node, "dilations", ones);
    List<Integer> more = list(node, "output_padding", zeros);
    List<Integer> wanted = list(node, "output_shape", zeros);
    List<Integer> pads = list(node, "pads", Collections.nCopies(2 * axes, 0));
    String automatic = node.attributes().text("auto_pad", "NOTSET");
    TransposedWindow.Axis[] found = new TransposedWindow.Axis[2];
    found[0] = new TransposedWindow.Axis(1, 1, 1, 0, 1);
    for (int i = 0; i < axes; i++) {
      Side side =
          new Side(extents.get(i), kernel.get(i), strides.get(i), dilations.get(i), more.get(i));
      found[2 - axes + i] =
          wanted.get(i) > 0
              ? side.of(wanted.get(i), automatic)
              : side.padded(pads.get(i), pads.get(axes + i), automatic);
    }
    return new TransposedWindow(found[0], found[1]);
  }

  private static List<Integer> list(NodeContext node, String name, List<Integer> otherwise) {
    List<Integer> list = node.attributes().integers(name).orElse(otherwise);
    boolean fits = list.stream().allMatch(value -> value >= 0 && value <= MOST);
    if (list.size() != otherwise.size() || !fits) {
      throw new Refusal(
          "attribute '" + name + "' is " + list,
          otherwise.size() + " entries from 0 to " + MOST + " are wanted");
    }
    return list;
  }

  /** One spatial axis. */
  private record Side(int input, int kernel, int stride, int dilation, int more) {
    /** With a result of at most this size, and pads that follow from it. */
    private TransposedWindow.Axis same(int result, String automatic) {
      int pads = Math.max(0, whole() - result);
      int begin = automatic.equals("SAME_UPPER") ? pads / 2 : pads - pads / 2;
      return new TransposedWindow.Axis(kernel, stride, dilation, begin, whole() - pads);
    }

    private TransposedWindow.Axis of(int result, String automatic) {
      if (result > whole()) {
        throw new Refusal(
            "output_shape " + result + ", but the kernels reach " + whole() + " places",
            "leave output_shape out");
      }
      return same(result, automatic);
    }

    private TransposedWindow.Axis padded(int begin, int end, String automatic) {
      return switch (automatic) {
        case "NOTSET" ->
            new TransposedWindow.Axis(kernel, stride, dilation, begin, whole() - begin - end);
        case "VALID" -> new TransposedWindow.Axis(kernel, stride, dilation, 0, whole());
        case "SAME_UPPER", "SAME_LOWER" -> same(Math.multiplyExact(input, stride), automatic);
        default ->
            throw new Refusal(
                "auto_pad '" + dev.etch.diagnostic.Printable.of(automatic) + "' is not known",
                "NOTSET, VALID, SAME_UPPER or SAME_LOWER");
      };
    }

    /** Places that the kernels reach, and output_padding. */
    private int whole() {
      long places = (input - 1L) * stride + (kernel - 1L) * dilation + 1 + more;
      return (int) Math.min(places, Integer.MAX_VALUE / 2);
    }
  }
}
