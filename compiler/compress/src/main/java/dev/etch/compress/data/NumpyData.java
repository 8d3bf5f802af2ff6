// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/** Items from an NPY file, or items and labels from an NPZ file. */
final class NumpyData {
  /** What arrays of items and of labels are called. */
  private static final List<String> ITEMS = List.of("images", "x", "data", "x_train", "arr_0");

  private static final List<String> LABELS = List.of("labels", "y", "targets", "y_train", "arr_1");

  private NumpyData() {}

  /** Items without labels. */
  static Dataset read(Path file) {
    return items(file.toString(), array(file));
  }

  /** Labels. */
  static int[] labels(Path file) {
    return labels(file, array(file));
  }

  /** Items with labels, if the archive has them. */
  static Dataset readArchive(Path file) {
    Map<String, NumpyArray> arrays = arrays(file);
    NumpyArray items =
        find(arrays, ITEMS)
            .orElseThrow(
                () ->
                    DataProblem.in(
                        file,
                        "has no array of items, but " + arrays.keySet(),
                        "call it one of " + ITEMS + ", and that of labels one of " + LABELS));
    Dataset data = items(file.toString(), items);
    Optional<NumpyArray> labels = find(arrays, LABELS);
    return labels.isEmpty() ? data : LabelFile.attach(data, labels(file, labels.get()), file);
  }

  private static Optional<NumpyArray> find(Map<String, NumpyArray> arrays, List<String> names) {
    return names.stream().filter(arrays::containsKey).findFirst().map(arrays::get);
  }

  private static NumpyArray array(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return NumpyArray.read(file.toString(), in);
    } catch (IOException e) {
      throw DataProblem.in(file, "cannot be read: " + e.getMessage(), "");
    }
  }

  private static Map<String, NumpyArray> arrays(Path file) {
    Map<String, NumpyArray> arrays = new LinkedHashMap<>();
    try (ZipInputStream zip =
        new ZipInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName();
        if (name.endsWith(".npy")) {
          arrays.put(
              name.substring(0, name.length() - ".npy".length()),
              NumpyArray.read(file + "!" + name, zip));
        }
      }
    } catch (ZipException e) {
      throw DataProblem.in(file, "is a damaged archive: " + e.getMessage(), "fetch it again");
    } catch (IOException e) {
      throw DataProblem.in(file, "cannot be read: " + e.getMessage(), "fetch it again");
    }
    return arrays;
  }

  private static Dataset items(String file, NumpyArray array) {
    if (array.dimensions().size() < 2 || array.elements().count() == 0) {
      throw DataProblem.in(
          file, "has extents " + array.dimensions(), "the first counts items, others are theirs");
    }
    return ImageAxes.channelsFirst(new Dataset(array.item(), array.elements(), new int[0]));
  }

  private static int[] labels(Path file, NumpyArray array) {
    if (array.elements().count() != array.dimensions().stream().findFirst().orElse(0)) {
      throw DataProblem.in(
          file, "has extents " + array.dimensions() + ", no labels", "labels have one extent");
    }
    int[] labels = new int[array.elements().count()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = LabelFile.label(file, array.elements().at(i), i);
    }
    return labels;
  }
}
