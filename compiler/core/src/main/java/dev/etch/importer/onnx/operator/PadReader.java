// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.diagnostic.Printable;
import dev.etch.importer.Dimensions;
import dev.etch.importer.Refusal;
import dev.etch.op.Pad;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Pad: attributes up to opset 10, operands from 11, axes from 18. */
final class PadReader implements OperatorReader {
  private static final int PADS_ARE_OPERANDS = 11;

  @Override
  public Signature signature() {
    return Signature.of(1, 4, "mode", "pads", "value");
  }

  @Override
  public String notes() {
    return "no negative pads; modes reflect, edge and wrap of rows and columns";
  }

  @Override
  public void read(NodeContext node) {
    Optional<CopyingPad> copying = copying(node.attributes().text("mode", "constant"));
    int rank = node.shape(0).rank();
    List<Integer> axes = axes(node, rank);
    List<Long> pads = pads(node);
    if (pads.size() != 2 * axes.size()) {
      throw new Refusal(
          pads.size() + " pads for " + axes.size() + " axes", "two an axis are wanted");
    }
    Integer[] before = new Integer[rank];
    Integer[] after = new Integer[rank];
    Arrays.fill(before, 0);
    Arrays.fill(after, 0);
    for (int i = 0; i < axes.size(); i++) {
      before[axes.get(i)] = checked(pads.get(i));
      after[axes.get(i)] = checked(pads.get(i + axes.size()));
    }
    if (copying.isPresent()) {
      copying.get().result(node, List.of(before), List.of(after));
    } else {
      node.emitResult(new Pad(List.of(before), List.of(after), value(node)), node.value(0));
    }
  }

  /** The mode, unless it is constant. */
  private static Optional<CopyingPad> copying(String mode) {
    Optional<CopyingPad> copying =
        Arrays.stream(CopyingPad.values()).filter(pad -> pad.text().equals(mode)).findFirst();
    if (copying.isEmpty() && !mode.equals("constant")) {
      throw new Refusal(
          "mode '" + Printable.of(mode) + "' is not supported", "constant, reflect, edge or wrap");
    }
    return copying;
  }

  private static List<Long> pads(NodeContext node) {
    if (node.operatorSet() < PADS_ARE_OPERANDS) {
      return node.attributes()
          .longs("pads")
          .orElseThrow(() -> new Refusal("attribute 'pads' is missing", ""));
    }
    if (!node.has(1) || node.attributes().has("pads")) {
      throw new Refusal("operand 'pads' is missing", "it is an operand from opset 11 on");
    }
    return node.longs(1, "operand 'pads'");
  }

  private static List<Integer> axes(NodeContext node, int rank) {
    if (!node.has(3)) {
      return IntStream.range(0, rank).boxed().toList();
    }
    List<Integer> axes =
        node.longs(3, "operand 'axes'").stream().map(a -> NodeContext.axis(a, rank)).toList();
    if (Set.copyOf(axes).size() != axes.size()) {
      throw new Refusal("axes " + axes + " repeat one", "");
    }
    return axes;
  }

  private static int checked(long pad) {
    if (pad < 0 || pad > Dimensions.MOST_ELEMENTS) {
      throw new Refusal("pad " + pad + " is not supported", "cropping and huge pads are refused");
    }
    return (int) pad;
  }

  private static double value(NodeContext node) {
    if (node.operatorSet() < PADS_ARE_OPERANDS) {
      return node.attributes().number("value", 0);
    }
    if (!node.has(2)) {
      return 0;
    }
    Tensor tensor = node.tensor(2, "operand 'constant_value'");
    if (tensor.shape().elements() != 1
        || !tensor.type().element().equals(node.operand(0).type().element())) {
      throw new Refusal("operand 'constant_value' has type " + tensor.type(), "");
    }
    return tensor instanceof FloatTensor floats
        ? floats.data()[0]
        : ((IntegerTensor) tensor).data()[0];
  }
}
