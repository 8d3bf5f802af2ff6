// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import dev.etch.importer.Dimensions;
import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.OnnxType;
import dev.etch.importer.onnx.format.TensorShapeProto;
import dev.etch.importer.onnx.format.TensorShapeProto.Dimension;
import dev.etch.importer.onnx.format.TypeProto;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Types of graph inputs. Every extent is known; a batch of unknown size is a batch of 1. */
final class GraphInputs {
  private GraphInputs() {}

  /**
   * The type.
   *
   * @throws Refusal if it is not a tensor of known shape and supported elements
   */
  static TensorType type(TypeProto type) {
    if (!type.hasTensorType()) {
      throw new Refusal("is not a tensor", "sequences, maps and optionals are not supported");
    }
    OnnxType element = OnnxType.supported(type.getTensorType().getElemType());
    if (!type.getTensorType().hasShape()) {
      throw new Refusal("has no shape", "export with a fixed input shape");
    }
    List<Dimension> dimensions = type.getTensorType().getShape().getDimList();
    List<Long> extents = new ArrayList<>();
    for (Dimension dimension : dimensions) {
      boolean batch = extents.isEmpty() && dimensions.size() > 1;
      extents.add(extent(dimension, extents.size(), batch));
    }
    return new TensorType(element.element(), Dimensions.shape(extents));
  }

  /** The same type in ONNX's words; empty if it has none. */
  static Optional<TypeProto> proto(TensorType type) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    type.shape().dimensions().forEach(d -> shape.addDim(Dimension.newBuilder().setDimValue(d)));
    return OnnxType.of(type.element())
        .map(
            element ->
                TypeProto.newBuilder()
                    .setTensorType(
                        TypeProto.Tensor.newBuilder().setElemType(element.number()).setShape(shape))
                    .build());
  }

  private static long extent(Dimension dimension, int axis, boolean batch) {
    long value = dimension.hasDimValue() ? dimension.getDimValue() : -1;
    if (value > 0) {
      return value;
    }
    if (batch && value >= -1) {
      return 1;
    }
    String shown =
        dimension.hasDimParam()
            ? "'" + dev.etch.diagnostic.Printable.of(dimension.getDimParam()) + "'"
            : dimension.hasDimValue() ? String.valueOf(value) : "unknown";
    throw new Refusal(
        "extent of axis " + axis + " is " + shown,
        "fix the shape: onnxruntime.tools.make_dynamic_shape_fixed, or export with a fixed input;"
            + " only the first axis (the batch) may be open");
  }
}
