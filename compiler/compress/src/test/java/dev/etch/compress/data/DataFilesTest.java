// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.importer.SharedModels;
import dev.etch.tensor.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data sets as people have them, and what is said of those that are broken. */
class DataFilesTest {
  private static final byte[] IMAGES = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4};
  private static final byte[] LABELS = {0, 0, 8, 1, 0, 0, 0, 2, 7, 3};

  @TempDir private Path folder;

  @Test
  void mnistIsReadWithTheLabelsBesideIt() {
    Path images = SharedModels.require("mnist").resolve("t10k-images-idx3-ubyte.gz");
    Dataset data = DataFiles.read(images, Optional.empty());
    assertEquals(Shape.of(1, 28, 28), data.item());
    assertEquals(10_000, data.count());
    assertEquals(10, data.classes());
    assertTrue(data.hasBytes());
    int[] first = {7, 2, 1, 0, 4};
    assertArrayEquals(first, Arrays.copyOf(data.labels(), 5));
  }

  @Test
  void fashionMnistIsReadFromDebiansPackage() {
    Path images = Path.of("/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz");
    if (Files.notExists(images)) {
      SharedModels.missing("dataset-fashion-mnist is not installed");
    }
    Dataset data = DataFiles.read(images, Optional.empty());
    assertEquals(10_000, data.count());
    assertEquals(9, data.labels()[0]);
  }

  @Test
  void cifar10IsReadFromItsZip() {
    Path zip = SharedModels.require("cifar10").resolve("test.zip");
    Dataset data = DataFiles.read(zip, Optional.empty());
    assertEquals(Shape.of(3, 32, 32), data.item());
    assertEquals(10_000, data.count());
    int[] counts = new int[10];
    Arrays.stream(data.labels()).forEach(label -> counts[label]++);
    assertArrayEquals(
        new int[] {1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000}, counts);
  }

  @Test
  void labelsAreFromTheirFileOrFromThatBesideTheImages() throws IOException {
    Path images = write("a-images-idx3-ubyte", IMAGES);
    assertFalse(DataFiles.read(images, Optional.empty()).isLabelled());
    write("a-labels-idx1-ubyte", LABELS);
    assertArrayEquals(new int[] {7, 3}, DataFiles.read(images, Optional.empty()).labels());
    Path text = write("labels.txt", "1\n0\n".getBytes(StandardCharsets.UTF_8));
    assertArrayEquals(new int[] {1, 0}, DataFiles.read(images, Optional.of(text)).labels());
  }

  @Test
  void labelsThatDoNotFitAreReported() throws IOException {
    Path images = write("a.idx", IMAGES);
    assertFails(
        images,
        write("labels.txt", "1\n".getBytes(StandardCharsets.UTF_8)),
        "holds 1 labels for 2 items");
    assertFails(
        images,
        write("labels.txt", "1\n-1\n".getBytes(StandardCharsets.UTF_8)),
        "has the label -1.0 for item 1");
    assertFails(
        images,
        write("labels.txt", "1\n1.5\n".getBytes(StandardCharsets.UTF_8)),
        "has the label 1.5 for item 1");
    assertFails(
        images,
        write("labels.txt", "1,2\n1,3\n".getBytes(StandardCharsets.UTF_8)),
        "has no column of labels");
    assertFails(images, images, "holds no labels");
    assertFails(images, folder, "is no file of labels");
  }

  @Test
  void whatIsNoDataIsReported() throws IOException {
    assertFails(folder.resolve("none.idx"), null, "no such file");
    assertFails(write("data.xyz", IMAGES), null, "has a name of no format of data");
    assertFails(write("labels.idx", LABELS), null, "holds no items");
    assertFails(folder, null, "holds no images");
  }

  private void assertFails(Path data, Path labels, String message) {
    DiagnosticException e =
        assertThrows(
            DiagnosticException.class, () -> DataFiles.read(data, Optional.ofNullable(labels)));
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertTrue(e.getMessage().startsWith(folder.toString()), e.getMessage());
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }
}
