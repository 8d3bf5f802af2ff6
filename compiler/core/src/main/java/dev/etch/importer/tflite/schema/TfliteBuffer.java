// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.schema;

import java.nio.ByteBuffer;

/**
 * {@code Buffer} of the schema.
 *
 * @param data little-endian; empty if there is none, or if it is behind the FlatBuffers part
 * @param isBehindTables whether the data is stored behind the tables, as in files above 2 GiB
 */
public record TfliteBuffer(ByteBuffer data, boolean isBehindTables) {
  private static final int DATA = 0;
  private static final int OFFSET = 1;

  static TfliteBuffer of(FlatTable table) {
    return new TfliteBuffer(table.bytes(DATA), Long.compareUnsigned(table.int64(OFFSET, 0), 1) > 0);
  }
}
