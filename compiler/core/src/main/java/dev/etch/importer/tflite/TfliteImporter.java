// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.importer.Cut;
import dev.etch.importer.TfliteKernels;
import dev.etch.importer.tflite.schema.MalformedFile;
import dev.etch.importer.tflite.schema.TfliteModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads TensorFlow Lite models whose activations are quantized. */
public final class TfliteImporter {
  private static final long MOST_BYTES = 512L << 20;
  private static final byte[] IDENTIFIER = "TFL3".getBytes(StandardCharsets.US_ASCII);
  private static final int IDENTIFIER_AT = 4;

  private TfliteImporter() {}

  /**
   * The model as a graph in NHWC layout, with the arithmetic of TFLite's reference kernels.
   *
   * @param file a .tflite file
   * @param kernels the release of the kernels
   * @param diagnostics gets warnings, and the errors before they are thrown
   * @throws DiagnosticException with everything that is wrong, not only the first
   */
  public static Graph read(Path file, TfliteKernels kernels, DiagnosticCollector diagnostics) {
    return read(file, kernels, Cut.NONE, diagnostics);
  }

  /** A part of the model as a graph, as {@link #read(Path, TfliteKernels, DiagnosticCollector)}. */
  public static Graph read(
      Path file, TfliteKernels kernels, Cut cut, DiagnosticCollector diagnostics) {
    Location location = Location.file(file.toString());
    byte[] bytes = bytes(file, location);
    checkIdentifier(bytes, location);
    try {
      TfliteModel model =
          SubGraphCut.of(TfliteModel.read(ByteBuffer.wrap(bytes)), cut, file.toString());
      return new SubGraphReader(model, file.toString(), kernels, diagnostics).read();
    } catch (MalformedFile e) {
      throw new DiagnosticException(
          location,
          "not a TensorFlow Lite model: the file is damaged, " + e.getMessage(),
          "download or convert it again");
    }
  }

  private static void checkIdentifier(byte[] bytes, Location location) {
    int end = IDENTIFIER_AT + IDENTIFIER.length;
    if (bytes.length < end
        || !Arrays.equals(bytes, IDENTIFIER_AT, end, IDENTIFIER, 0, IDENTIFIER.length)) {
      throw new DiagnosticException(
          location,
          "not a TensorFlow Lite model: the identifier TFL3 is missing",
          "give a .tflite file of schema version 3");
    }
  }

  private static byte[] bytes(Path file, Location location) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new DiagnosticException(location, "not a file", "give the path of a .tflite file");
      }
      if (Files.size(file) > MOST_BYTES) {
        throw new DiagnosticException(
            location, "the file has more than " + (MOST_BYTES >> 20) + " MiB", "");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new DiagnosticException(location, "cannot be read", "check the file's permissions");
    }
  }
}
