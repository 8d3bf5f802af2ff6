// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.data;

import dev.etch.diagnostic.Printable;
import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.format.StringStringEntryProto;
import dev.etch.importer.onnx.format.TensorProto;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bytes of tensors that are stored in files beside the model. A path may only name a regular file
 * in the model's own folder or below it: no absolute path, no {@code ..}, no symbolic link.
 */
public final class ExternalData {
  private final Path folder;

  /** Reads files under {@code folder}, the folder of the model file. */
  public ExternalData(Path folder) {
    this.folder = folder;
  }

  /**
   * The bytes that {@code tensor} points to.
   *
   * @param expectedBytes how many its type and shape ask for
   * @throws Refusal if the path leaves the folder, or offset and length do not fit the file
   */
  byte[] read(TensorProto tensor, long expectedBytes) {
    Map<String, String> entries = entries(tensor);
    String location = entries.getOrDefault("location", "");
    Path file = resolve(location);
    String shown = "external data file '" + Printable.of(location) + "'";
    try (RandomAccessFile data = new RandomAccessFile(file.toFile(), "r")) {
      long size = data.length();
      long offset = number(entries, "offset", 0);
      long length = number(entries, "length", size - Math.min(size, offset));
      if (offset > size || length > size - offset) {
        throw new Refusal(
            shown + " has " + size + " bytes, but " + length + " are wanted from " + offset,
            "the file was cut or belongs to another model");
      }
      if (length != expectedBytes) {
        throw new Refusal(
            shown + ": " + length + " bytes given, but the shape asks for " + expectedBytes, "");
      }
      byte[] bytes = new byte[Math.toIntExact(length)];
      data.seek(offset);
      data.readFully(bytes);
      return bytes;
    } catch (IOException e) {
      throw new Refusal(shown + " cannot be read", "put it beside the model file");
    }
  }

  private Path resolve(String location) {
    String shown = "external data path '" + Printable.of(location) + "'";
    Refusal outside =
        new Refusal(
            shown + " is not a plain path below the model's folder",
            "absolute paths, '..', '\\' and symbolic links are refused; move the file beside the"
                + " model and name it relatively");
    if (location.isEmpty() || location.indexOf('\\') >= 0 || location.indexOf('\0') >= 0) {
      throw outside;
    }
    Path relative;
    try {
      relative = Path.of(location);
    } catch (InvalidPathException e) {
      throw outside;
    }
    if (relative.isAbsolute()) {
      throw outside;
    }
    Path file = folder;
    for (Path part : relative) {
      file = file.resolve(part);
      if (part.toString().equals("..") || part.toString().isEmpty() || Files.isSymbolicLink(file)) {
        throw outside;
      }
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new Refusal(shown + " is not a file", "put it beside the model file");
    }
    return file;
  }

  private static Map<String, String> entries(TensorProto tensor) {
    Map<String, String> entries = new LinkedHashMap<>();
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      if (entries.put(entry.getKey(), entry.getValue()) != null) {
        throw new Refusal("external data gives '" + Printable.of(entry.getKey()) + "' twice", "");
      }
    }
    return entries;
  }

  private static long number(Map<String, String> entries, String key, long otherwise) {
    String text = entries.get(key);
    if (text == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, together with negative numbers.
    }
    throw new Refusal(
        "external data " + key + " '" + Printable.of(text) + "' is not a count of bytes", "");
  }
}
