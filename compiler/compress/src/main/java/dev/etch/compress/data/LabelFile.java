// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.data;

import java.nio.file.Path;

/** Labels from a file of their own: IDX, NPY, or a number a line. */
final class LabelFile {
  static final int MOST_CLASSES = 1 << 16;
  static final String WANTED = "a label is an integer from 0 to " + (MOST_CLASSES - 1);

  private LabelFile() {}

  static int[] read(Path file) {
    return switch (DataFormat.of(file)) {
      case IDX -> IdxData.labels(file);
      case NPY -> NumpyData.labels(file);
      case CSV -> CsvData.labels(file);
      case NPZ, ZIP, FOLDER ->
          throw DataProblem.in(file, "is no file of labels", "give IDX, NPY, or a label a line");
    };
  }

  /** A label that a file of floats has. */
  static int label(Path file, float label, int item) {
    if (!(label >= 0 && label < MOST_CLASSES) || label != (int) label) {
      throw DataProblem.in(file, "has the label " + label + " for item " + item, WANTED);
    }
    return (int) label;
  }

  /** The items with labels of as many items. */
  static Dataset attach(Dataset data, int[] labels, Path file) {
    if (labels.length != data.count()) {
      throw DataProblem.in(
          file,
          "holds " + labels.length + " labels for " + data.count() + " items",
          "give the labels of the same items");
    }
    return data.labelled(labels);
  }
}
