// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NumPy's files. */
class NumpyDataTest {
  @TempDir private Path folder;

  /** What numpy.save writes. */
  private static byte[] npy(String type, String shape, byte... data) {
    String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }";
    header += " ".repeat(64 - (10 + header.length() + 1) % 64) + "\n";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    out.write(header.length());
    out.write(header.length() >> 8);
    out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(data);
    return out.toByteArray();
  }

  private static byte[] floats(float... numbers) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(numbers);
    return buffer.array();
  }

  @Test
  void bytesAreImagesWithTheirChannelsFirst() throws IOException {
    byte[] pixels = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, (byte) 200};
    Dataset data = read("x.npy", npy("|u1", "1, 2, 2, 3", pixels));
    assertEquals(Shape.of(3, 2, 2), data.item());
    assertTrue(data.hasBytes());
    assertEquals(4, data.at(0, 1));
    assertEquals(2, data.at(0, 4));
    assertEquals(200, data.at(0, 11));
  }

  @Test
  void elementsOfAllTypes() throws IOException {
    Dataset data = read("x.npy", npy("<f4", "2, 2", floats(1.5f, -2, 3, 4)));
    assertFalse(data.hasBytes());
    assertEquals(Shape.of(2), data.item());
    assertEquals(-2, data.at(0, 1));
    assertEquals(-2, read("x.npy", npy(">i2", "1, 1", (byte) -1, (byte) -2)).at(0, 0));
    assertEquals(65534, read("x.npy", npy(">u2", "1, 1", (byte) -1, (byte) -2)).at(0, 0));
    byte[] eight = {1, 0, 0, 0, 0, 0, 0, 0};
    assertEquals(1, read("x.npy", npy("<i8", "1, 1", eight)).at(0, 0));
    assertEquals(1, read("x.npy", npy("|b1", "1, 1", (byte) 1)).at(0, 0));
  }

  @Test
  void archivesHaveItemsAndLabels() throws IOException {
    byte[] archive =
        npz(
            Map.of(
                "x_train", npy("|u1", "2, 1, 2", (byte) 1, (byte) 2, (byte) 3, (byte) 4),
                "y_train", npy("|i1", "2", (byte) 5, (byte) 0)));
    Dataset data = read("data.npz", archive);
    assertEquals(Shape.of(1, 1, 2), data.item());
    assertArrayEquals(new int[] {5, 0}, data.labels());
    assertFails("data.npz", npz(Map.of("a", npy("|u1", "1", (byte) 1))), "has no array of items");
    byte[] cut = Arrays.copyOf(archive, archive.length / 3);
    assertFails("data.npz", cut, "");
  }

  private static byte[] npz(Map<String, byte[]> arrays) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
        zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
        zip.write(array.getValue());
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void everyTruncationIsReported() throws IOException {
    byte[] whole = npy("<f4", "2, 2", floats(1, 2, 3, 4));
    for (int length = 0; length < whole.length; length++) {
      assertFails("x.npy", Arrays.copyOf(whole, length), "x.npy: error: ");
    }
    assertFails("x.npy", Arrays.copyOf(whole, whole.length + 1), "goes on after its last element");
  }

  @Test
  void whatIsNotSupportedIsReported() throws IOException {
    assertFails("x.npy", npy("<c8", "1, 1", new byte[8]), "has elements of type c8");
    assertFails("x.npy", npy("<f2", "1, 1", new byte[2]), "has elements of type f2");
    assertFails("x.npy", npy("|u1", "99999999999, 1"), "says that it has an extent of 99999999999");
    assertFails("x.npy", npy("|u1", "99999, 99999"), "says that it has more than 2^30 elements");
    assertFails("x.npy", npy("|u1", "3", new byte[3]), "has extents [3]");
    byte[] columns = npy("|u1", "1, 1", (byte) 1);
    String text = new String(columns, StandardCharsets.ISO_8859_1).replace("False", "True ");
    assertFails("x.npy", text.getBytes(StandardCharsets.ISO_8859_1), "is in column-major order");
  }

  private Dataset read(String name, byte[] bytes) throws IOException {
    return DataFiles.read(Files.write(folder.resolve(name), bytes), Optional.empty());
  }

  private void assertFails(String name, byte[] bytes, String message) {
    DiagnosticException e = assertThrows(DiagnosticException.class, () -> read(name, bytes));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }
}
