// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.schema;

import java.util.List;

/**
 * {@code SubGraph} of the schema.
 *
 * @param tensors all values
 * @param inputs positions in {@code tensors}
 * @param outputs positions in {@code tensors}
 * @param operators each after the producers of its operands
 * @param name may be empty
 */
public record TfliteSubGraph(
    List<TfliteTensor> tensors,
    List<Integer> inputs,
    List<Integer> outputs,
    List<TfliteOperator> operators,
    String name) {
  private static final int TENSORS = 0;
  private static final int INPUTS = 1;
  private static final int OUTPUTS = 2;
  private static final int OPERATORS = 3;
  private static final int NAME = 4;

  public TfliteSubGraph {
    tensors = List.copyOf(tensors);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    operators = List.copyOf(operators);
  }

  static TfliteSubGraph of(FlatTable table) {
    return new TfliteSubGraph(
        table.tables(TENSORS).stream().map(TfliteTensor::of).toList(),
        table.ints(INPUTS),
        table.ints(OUTPUTS),
        table.tables(OPERATORS).stream().map(TfliteOperator::of).toList(),
        table.text(NAME));
  }
}
