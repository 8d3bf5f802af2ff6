// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.schema;

/** A file does not keep to FlatBuffers or to the schema; it never leaves the importer. */
public final class MalformedFile extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public MalformedFile(String message) {
    super(message, null, false, false);
  }
}
