// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.Quantization;
import dev.etch.op.Reshape;
import dev.etch.op.TableSoftmax;
import dev.etch.tensor.Shape;

/**
 * ONNX Runtime's QLinearSoftmax; its attribute "opset" says which opset's Softmax it stands for:
 * along one axis from 13 on, over all axes from {@code axis} on before.
 */
final class QLinearSoftmaxReader implements OperatorReader {
  private static final int BITS = 8;
  private static final int ONE_AXIS = 13;

  @Override
  public Signature signature() {
    return Signature.of(5, 5, "axis", "opset");
  }

  @Override
  public String notes() {
    return "on the host where no quantized layer follows";
  }

  @Override
  public void read(NodeContext node) {
    Quantization x = QuantizationOperands.tensor(node, 0, 1, 2);
    Quantization y = QuantizationOperands.read(node, 3, 4, x.type(), Shape.of(1), 0);
    if (x.type().bits() != BITS || !y.type().equals(x.type()) || !y.isPerTensor()) {
      throw new Refusal(
          "operand of type " + x.type() + ", result of " + y.type(), "both int8 or both uint8");
    }
    if (!node.attributes().has("opset")) {
      throw new Refusal("attribute 'opset' is missing", "");
    }
    Shape shape = node.shape(0);
    boolean oneAxis = node.attributes().integer("opset", ONE_AXIS) >= ONE_AXIS;
    int axis = NodeContext.axis(node.attributes().integer("axis", oneAxis ? -1 : 1), shape.rank());
    if (oneAxis || axis == shape.rank() - 1) {
      node.emitResult(softmax(axis, x, y), node.value(0));
      return;
    }
    int rows = new Shape(shape.dimensions().subList(0, axis)).elements();
    int columns = new Shape(shape.dimensions().subList(axis, shape.rank())).elements();
    Value matrix = node.reshaped(node.value(0), Shape.of(rows, columns));
    node.emitResult(new Reshape(shape.dimensions()), node.emit(softmax(1, x, y), matrix));
  }

  private static TableSoftmax softmax(int axis, Quantization x, Quantization y) {
    return new TableSoftmax(axis, x.scale(0), y.scale(0), y.zeroPoint(0), y.type());
  }
}
