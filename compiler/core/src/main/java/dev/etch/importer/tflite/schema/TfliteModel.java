// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.schema;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A model file: {@code Model} of the schema.
 *
 * @param operatorCodes what an operator's code index means
 * @param subGraphs the first one is the model
 * @param buffers constant data; the first one is empty by convention
 */
public record TfliteModel(
    List<OperatorCode> operatorCodes, List<TfliteSubGraph> subGraphs, List<TfliteBuffer> buffers) {
  private static final int OPERATOR_CODES = 1;
  private static final int SUB_GRAPHS = 2;
  private static final int BUFFERS = 4;

  public TfliteModel {
    operatorCodes = List.copyOf(operatorCodes);
    subGraphs = List.copyOf(subGraphs);
    buffers = List.copyOf(buffers);
  }

  /**
   * The model in a file.
   *
   * @throws MalformedFile if an offset leaves the file
   */
  public static TfliteModel read(ByteBuffer file) {
    FlatTable table = FlatTable.root(file);
    return new TfliteModel(
        table.tables(OPERATOR_CODES).stream().map(OperatorCode::of).toList(),
        table.tables(SUB_GRAPHS).stream().map(TfliteSubGraph::of).toList(),
        table.tables(BUFFERS).stream().map(TfliteBuffer::of).toList());
  }
}
