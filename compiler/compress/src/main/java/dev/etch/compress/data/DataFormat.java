// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Formats of data, told by the name of a file. */
enum DataFormat {
  IDX,
  NPY,
  NPZ,
  CSV,
  ZIP,
  FOLDER;

  /** The format of a file or folder. */
  static DataFormat of(Path path) {
    if (Files.notExists(path)) {
      throw DataProblem.in(path, "no such file", "check the path");
    }
    if (Files.isDirectory(path)) {
      return FOLDER;
    }
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.matches(".*(idx\\d-ubyte|\\.idx)(\\.gz)?")) {
      return IDX;
    }
    int dot = name.lastIndexOf('.');
    return switch (name.substring(dot + 1)) {
      case "npy" -> NPY;
      case "npz" -> NPZ;
      case "csv", "txt" -> CSV;
      case "zip" -> ZIP;
      default ->
          throw DataProblem.in(
              path,
              "has a name of no format of data",
              "IDX (*-idx3-ubyte, .idx, also .gz), .npy, .npz, .csv, .zip or a folder of images");
    };
  }
}
