// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The IDX reader and what becomes of its pixels. */
class IdxFileTest {
  private static final byte[] TWO_IMAGES = {
    0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 1, 2, 3, 4, 5, 10, 20, 127, (byte) 255, 7, 8
  };
  @TempDir Path folder;

  @Test
  void plainAndCompressedFilesReadAlike() throws IOException {
    for (byte[] bytes : List.of(TWO_IMAGES, zipped(TWO_IMAGES))) {
      IdxFile file = IdxFile.read(write(bytes));
      assertEquals(List.of(2, 2, 3), file.dimensions());
      assertEquals(2, file.items());
      assertEquals(6, file.itemSize());
      assertEquals(255, file.at(1, 3));
    }
  }

  @Test
  void everyTruncationIsReported() throws IOException {
    for (byte[] whole : List.of(TWO_IMAGES, zipped(TWO_IMAGES))) {
      for (int length = 0; length < whole.length; length++) {
        Path file = write(Arrays.copyOf(whole, length));
        assertThrows(DiagnosticException.class, () -> IdxFile.read(file), "length " + length);
      }
    }
  }

  @Test
  void whatIsNotIdxIsReported() throws IOException {
    byte[] floats = TWO_IMAGES.clone();
    floats[2] = 0x0d;
    assertFails(floats, "starts with 0x00000d03");
    assertFails(Arrays.copyOf(TWO_IMAGES, TWO_IMAGES.length + 1), "goes on after");
    byte[] huge = TWO_IMAGES.clone();
    huge[4] = 0x7f;
    huge[8] = 0x7f;
    assertFails(huge, "says that it holds");
    assertThrows(DiagnosticException.class, () -> IdxFile.read(folder.resolve("absent")));
  }

  @Test
  void pixelsBecomeFloatsBetween0And1() throws IOException {
    TensorType type = new TensorType(FloatType.FLOAT32, Shape.of(1, 1, 2, 3));
    DatasetFrames frames = new DatasetFrames(write(TWO_IMAGES), type);
    assertEquals(2, frames.count());
    float[] data = ((FloatTensor) frames.frame(1)).data();
    assertEquals(127 / 255.0f, data[2]);
    assertEquals(1.0f, data[3]);
  }

  @Test
  void pixelsStayBytesWhereTheyFit() throws IOException {
    Path file = write(TWO_IMAGES);
    TensorType bytes = new TensorType(IntegerType.UINT8, Shape.of(1, 2, 3, 1));
    IntegerTensor tensor = (IntegerTensor) new DatasetFrames(file, bytes).frame(1);
    assertEquals(255, tensor.data()[3]);
    TensorType signed = new TensorType(IntegerType.INT8, Shape.of(1, 2, 3, 1));
    assertEquals(5, ((IntegerTensor) new DatasetFrames(file, signed).frame(0)).data()[5]);
    DiagnosticException e =
        assertThrows(DiagnosticException.class, () -> new DatasetFrames(file, signed).frame(1));
    assertTrue(e.getMessage().contains("byte 255"), e.getMessage());
  }

  @Test
  void imagesOfAnotherSizeAreReported() throws IOException {
    TensorType type = new TensorType(FloatType.FLOAT32, Shape.of(1, 1, 28, 28));
    Path file = write(TWO_IMAGES);
    assertThrows(DiagnosticException.class, () -> new DatasetFrames(file, type));
  }

  private void assertFails(byte[] bytes, String message) throws IOException {
    Path file = write(bytes);
    DiagnosticException e = assertThrows(DiagnosticException.class, () -> IdxFile.read(file));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("file.idx"), bytes);
  }

  private static byte[] zipped(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }
}
