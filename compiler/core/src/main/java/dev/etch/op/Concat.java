// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Joins operands of one element type along an axis. On quantized operands all share one
 * quantization. ONNX Concat.
 */
public record Concat(int axis) implements AnyElementOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, Integer.MAX_VALUE);
    o.axis(0, axis);
    List<Integer> extents = new ArrayList<>(o.any(0).shape().dimensions());
    for (int i = 1; i < operands.size(); i++) {
      TensorType type = operands.get(i);
      if (!type.element().equals(o.any(0).element()) || !fits(type.shape(), extents)) {
        throw o.misfit(i, "does not fit " + o.any(0), "only axis " + axis + " may differ");
      }
      extents.set(axis, Math.addExact(extents.get(axis), type.shape().dimension(axis)));
    }
    return List.of(new TensorType(o.any(0).element(), Operands.shape(extents)));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    TensorType type = infer(Operands.typesOf(operands)).get(0);
    int stride = type.shape().strides()[axis];
    Object data = type.isFloat() ? new float[elements(type)] : new int[elements(type)];
    int row = type.shape().dimension(axis) * stride;
    int offset = 0;
    for (Tensor operand : operands) {
      int part = operand.shape().dimension(axis) * stride;
      Object source =
          operand instanceof FloatTensor f ? f.data() : ((IntegerTensor) operand).data();
      int parts = part == 0 ? 0 : elements(operand.type()) / part;
      for (int i = 0; i < parts; i++) {
        System.arraycopy(source, i * part, data, i * row + offset, part);
      }
      offset += part;
    }
    return List.of(
        type.isFloat()
            ? new FloatTensor(type, (float[]) data)
            : new IntegerTensor(type, (int[]) data));
  }

  private boolean fits(Shape shape, List<Integer> extents) {
    boolean fits = shape.rank() == extents.size();
    for (int i = 0; fits && i < extents.size(); i++) {
      fits = i == axis || shape.dimension(i) == extents.get(i);
    }
    return fits;
  }

  private static int elements(TensorType type) {
    return type.shape().elements();
  }
}
