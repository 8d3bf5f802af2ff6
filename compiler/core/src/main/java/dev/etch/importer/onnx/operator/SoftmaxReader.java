// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.op.LogSoftmax;
import dev.etch.op.Op;
import dev.etch.op.Reshape;
import dev.etch.op.Softmax;
import dev.etch.tensor.Shape;

/**
 * Softmax or its logarithm: along one axis from opset 13 on, over all axes from {@code axis} on
 * before.
 */
final class SoftmaxReader implements OperatorReader {
  private static final int ONE_AXIS = 13;

  private final boolean isLogarithm;

  SoftmaxReader(boolean isLogarithm) {
    this.isLogarithm = isLogarithm;
  }

  @Override
  public Signature signature() {
    return Signature.of(1, 1, "axis");
  }

  @Override
  public String notes() {
    return "on the host";
  }

  @Override
  public void read(NodeContext node) {
    Shape shape = node.shape(0);
    boolean oneAxis = node.operatorSet() >= ONE_AXIS;
    int axis = NodeContext.axis(node.attributes().integer("axis", oneAxis ? -1 : 1), shape.rank());
    if (oneAxis || axis == shape.rank() - 1) {
      node.emitResult(op(axis), node.value(0));
      return;
    }
    int rows = new Shape(shape.dimensions().subList(0, axis)).elements();
    int columns = new Shape(shape.dimensions().subList(axis, shape.rank())).elements();
    Value matrix = node.reshaped(node.value(0), Shape.of(rows, columns));
    node.emitResult(new Reshape(shape.dimensions()), node.emit(op(1), matrix));
  }

  private Op op(int axis) {
    return isLogarithm ? new LogSoftmax(axis) : new Softmax(axis);
  }
}
