// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.importer.onnx.OnnxImporter;
import dev.etch.importer.tflite.TfliteImporter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A model file of any format, told by its name or, failing that, by its first bytes. */
public final class ModelFile {
  private static final int HEAD = 8;
  private static final byte[] TFLITE = "TFL3".getBytes(StandardCharsets.US_ASCII);

  /** Field 1 (ir_version), a varint: what ONNX exporters write first. */
  private static final int ONNX_FIRST_BYTE = 0x08;

  private ModelFile() {}

  /** The formats that are told apart. */
  public enum Format {
    ONNX,
    TFLITE,
    ETCH_TEXT,
    ETCH_COMPRESSED,
    UNKNOWN
  }

  /** Reads Etch's own files; these are later layers, so the caller supplies it. */
  public interface OwnReader {
    /** The graph that {@code text} from {@code file} describes. */
    Graph parse(String file, String text);

    /** The graph that is compressed to {@code bytes} in {@code file}. */
    Graph unpack(String file, byte[] bytes);

    /** Whether a file that begins so is a compressed one. */
    boolean isCompressed(byte[] head);
  }

  /**
   * Reads a model.
   *
   * @param file the model
   * @param own reads Etch's own files
   * @param kernels what a TensorFlow Lite model computes
   * @param diagnostics gets warnings
   * @throws DiagnosticException if there is no such file, its format is not supported, or it is
   *     wrong
   */
  public static Graph read(
      Path file, OwnReader own, TfliteKernels kernels, DiagnosticCollector diagnostics) {
    return read(file, own, kernels, Cut.NONE, diagnostics);
  }

  /**
   * Reads a part of a model.
   *
   * @param file the model
   * @param own reads Etch's own files
   * @param kernels what a TensorFlow Lite model computes
   * @param cut which part
   * @param diagnostics gets warnings
   * @throws DiagnosticException as for a whole model, and if it has no such tensors
   */
  public static Graph read(
      Path file, OwnReader own, TfliteKernels kernels, Cut cut, DiagnosticCollector diagnostics) {
    Location location = Location.file(file.toString());
    return switch (format(file, own)) {
      case ONNX -> OnnxImporter.read(file, cut, diagnostics);
      case ETCH_TEXT ->
          GraphCut.of(own.parse(file.toString(), utf8(file, location)), cut, file.toString());
      case ETCH_COMPRESSED ->
          GraphCut.of(own.unpack(file.toString(), bytes(file, location)), cut, file.toString());
      case TFLITE -> TfliteImporter.read(file, kernels, cut, diagnostics);
      case UNKNOWN ->
          throw new DiagnosticException(
              location,
              "this is no model format that Etch knows",
              "give an .onnx or .tflite model, an .etch graph as Etch prints it, or an .etchz file");
    };
  }

  /**
   * The format of a file.
   *
   * @param own knows Etch's own files
   * @throws DiagnosticException if it is not a file that can be read
   */
  public static Format format(Path file, OwnReader own) {
    byte[] head = head(file);
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    if (own.isCompressed(head) || name.endsWith(".etchz")) {
      return Format.ETCH_COMPRESSED;
    }
    if (isTflite(head) || name.endsWith(".tflite")) {
      return Format.TFLITE;
    }
    if (name.endsWith(".onnx")) {
      return Format.ONNX;
    }
    if (name.endsWith(".etch")) {
      return Format.ETCH_TEXT;
    }
    return head.length > 0 && head[0] == ONNX_FIRST_BYTE ? Format.ONNX : Format.UNKNOWN;
  }

  private static boolean isTflite(byte[] head) {
    return head.length == HEAD
        && java.util.Arrays.equals(head, HEAD - TFLITE.length, HEAD, TFLITE, 0, TFLITE.length);
  }

  private static byte[] head(Path file) {
    Location location = Location.file(file.toString());
    if (Files.notExists(file)) {
      throw new DiagnosticException(location, "no such file", "check the path");
    }
    if (!Files.isRegularFile(file)) {
      throw new DiagnosticException(location, "not a file", "give the path of a model file");
    }
    try (InputStream input = Files.newInputStream(file)) {
      return input.readNBytes(HEAD);
    } catch (IOException e) {
      throw new DiagnosticException(location, "cannot be read", "check the file's permissions");
    }
  }

  private static byte[] bytes(Path file, Location location) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new DiagnosticException(location, "cannot be read", "check the file's permissions");
    }
  }

  private static String utf8(Path file, Location location) {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new DiagnosticException(location, "is not UTF-8 text", "");
    } catch (IOException e) {
      throw new DiagnosticException(location, "cannot be read", "check the file's permissions");
    }
  }
}
