// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.schema;

import java.util.List;
import java.util.Optional;

/**
 * {@code Operator} of the schema.
 *
 * @param code position in the model's operator codes; unchecked
 * @param inputs positions in the subgraph's tensors, -1 for one that is left out; unchecked
 * @param outputs likewise
 * @param options attributes; absent if all have their defaults
 * @param intermediates tensors that tell the quantization of what the operator computes inside;
 *     unchecked
 */
public record TfliteOperator(
    int code,
    List<Integer> inputs,
    List<Integer> outputs,
    Optional<FlatTable> options,
    List<Integer> intermediates) {
  private static final int OPCODE_INDEX = 0;
  private static final int INPUTS = 1;
  private static final int OUTPUTS = 2;
  private static final int BUILTIN_OPTIONS = 4;
  private static final int INTERMEDIATES = 8;

  public TfliteOperator {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    intermediates = List.copyOf(intermediates);
  }

  static TfliteOperator of(FlatTable table) {
    return new TfliteOperator(
        table.int32(OPCODE_INDEX, 0),
        table.ints(INPUTS),
        table.ints(OUTPUTS),
        table.table(BUILTIN_OPTIONS),
        table.ints(INTERMEDIATES));
  }
}
