// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.data;

import dev.etch.diagnostic.DiagnosticException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a data set of any format. */
public final class DataFiles {
  private DataFiles() {}

  /**
   * Items and their labels: from the file of labels if one is given, else from the data itself,
   * else, for a file of images that is named as MNIST's are, from the file of labels beside it.
   *
   * @throws DiagnosticException if a file is not there, broken, or does not fit the other
   */
  public static Dataset read(Path data, Optional<Path> labels) {
    Dataset items =
        switch (DataFormat.of(data)) {
          case IDX -> IdxData.read(data);
          case NPY -> NumpyData.read(data);
          case NPZ -> NumpyData.readArchive(data);
          case CSV -> CsvData.read(data);
          case ZIP -> ImageFolder.readZip(data);
          case FOLDER -> ImageFolder.read(data);
        };
    Optional<Path> file = labels.or(() -> items.isLabelled() ? Optional.empty() : beside(data));
    return file.isEmpty() ? items : LabelFile.attach(items, LabelFile.read(file.get()), file.get());
  }

  private static Optional<Path> beside(Path data) {
    String name = data.getFileName().toString();
    Path labels = data.resolveSibling(name.replace("images-idx3", "labels-idx1"));
    return labels.equals(data) || Files.notExists(labels) ? Optional.empty() : Optional.of(labels);
  }
}
