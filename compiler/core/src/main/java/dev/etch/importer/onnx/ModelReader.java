// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.importer.onnx.format.ModelProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the protobuf message of a model file within fixed limits. */
final class ModelReader {
  /** Larger models store their weights as external data. */
  private static final long MOST_BYTES = 512L << 20;

  private static final int DEEPEST_NESTING = 64;

  private ModelReader() {}

  /**
   * The message.
   *
   * @throws DiagnosticException if the file cannot be read, is too large, or is not such a message
   */
  static ModelProto read(Path file) {
    Location location = Location.file(file.toString());
    byte[] bytes = bytes(file, location);
    try {
      CodedInputStream input = CodedInputStream.newInstance(bytes);
      input.setRecursionLimit(DEEPEST_NESTING);
      return ModelProto.parseFrom(input);
    } catch (InvalidProtocolBufferException e) {
      throw new DiagnosticException(
          location,
          "not an ONNX model: the protobuf message is damaged",
          "download or export the file again");
    } catch (IOException e) {
      throw new DiagnosticException(location, "cannot be read", "check the file");
    } catch (OutOfMemoryError e) {
      // A few hundred megabytes of empty messages take gigabytes once they are objects.
      throw new DiagnosticException(
          location, "the model needs more memory than there is", "give the JVM more with -Xmx");
    }
  }

  private static byte[] bytes(Path file, Location location) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new DiagnosticException(location, "not a file", "give the path of an .onnx file");
      }
      if (Files.size(file) > MOST_BYTES) {
        throw new DiagnosticException(
            location,
            "the file has more than " + (MOST_BYTES >> 20) + " MiB",
            "store the weights as external data");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new DiagnosticException(location, "cannot be read", "check the file's permissions");
    }
  }
}
