// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.data;

import dev.etch.tensor.Shape;
import dev.etch.testbench.IdxFile;
import java.nio.file.Path;
import java.util.List;

/** Items or labels from IDX files, plain or compressed by gzip. */
final class IdxData {
  private IdxData() {}

  /** Items: images of bytes, or rows of bytes. */
  static Dataset read(Path file) {
    IdxFile idx = IdxFile.read(file);
    List<Integer> extents = idx.dimensions().subList(1, idx.dimensions().size());
    if (idx.items() == 0 || idx.itemSize() == 0 || extents.isEmpty()) {
      throw DataProblem.in(
          file,
          "holds no items: its extents are " + idx.dimensions(),
          "give the file of images, and that of labels with --labels");
    }
    Elements elements = new Elements.Bytes(idx.data());
    return ImageAxes.channelsFirst(new Dataset(new Shape(extents), elements, new int[0]));
  }

  /** Labels. */
  static int[] labels(Path file) {
    IdxFile idx = IdxFile.read(file);
    if (idx.itemSize() != 1) {
      throw DataProblem.in(
          file, "holds no labels: its extents are " + idx.dimensions(), "labels have one extent");
    }
    int[] labels = new int[idx.items()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = idx.at(i, 0);
    }
    return labels;
  }
}
