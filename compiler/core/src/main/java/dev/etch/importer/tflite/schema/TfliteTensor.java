// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.schema;

import java.util.List;
import java.util.Optional;

/**
 * {@code Tensor} of the schema.
 *
 * @param shape extents; unchecked
 * @param type number of the element type in {@code TensorType}
 * @param buffer position in the model's buffers; unchecked
 * @param name for people; not unique
 * @param quantization how integers stand for real numbers
 * @param isVariable whether it keeps its value between frames
 * @param sparsity how only some of the elements are stored
 */
public record TfliteTensor(
    List<Integer> shape,
    int type,
    int buffer,
    String name,
    Optional<QuantizationParameters> quantization,
    boolean isVariable,
    Optional<SparsityParameters> sparsity) {
  private static final int SHAPE = 0;
  private static final int TYPE = 1;
  private static final int BUFFER = 2;
  private static final int NAME = 3;
  private static final int QUANTIZATION = 4;
  private static final int IS_VARIABLE = 5;
  private static final int SPARSITY = 6;

  public TfliteTensor {
    shape = List.copyOf(shape);
  }

  static TfliteTensor of(FlatTable table) {
    return new TfliteTensor(
        table.ints(SHAPE),
        table.int8(TYPE, 0),
        table.int32(BUFFER, 0),
        table.text(NAME),
        table.table(QUANTIZATION).map(QuantizationParameters::of),
        table.bool(IS_VARIABLE),
        table.table(SPARSITY).map(SparsityParameters::of));
  }
}
