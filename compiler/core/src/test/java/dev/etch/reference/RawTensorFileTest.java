// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawTensorFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"int4", "int8", "uint8", "int12", "uint16", "int32", "int64"})
  void integersRoundTrip(String name) throws IOException {
    IntegerType type = IntegerType.parse(name);
    int low = (int) Math.max(Integer.MIN_VALUE, type.minimum());
    int high = (int) Math.min(Integer.MAX_VALUE, type.maximum());
    Tensor frame = IntegerTensor.of(type, Shape.of(1, 3), low, 1, high);
    Path file = folder.resolve("frames.bin");
    RawTensorFile.write(file, List.of(frame, frame));
    assertEquals(2L * 3 * type.storageBytes(), file.toFile().length());
    assertEquals(List.of(frame, frame), RawTensorFile.read(file, frame.type()));
  }

  @Test
  void bytesAreLittleEndian() throws IOException {
    assertArrayEquals(
        new byte[] {0, 0, (byte) 0x80, (byte) 0x3f},
        RawTensorFile.encode(FloatTensor.of(Shape.of(1), 1f)));
    assertArrayEquals(
        new byte[] {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff},
        RawTensorFile.encode(IntegerTensor.of(IntegerType.INT32, Shape.of(1), -2)));
  }

  @Test
  void floatsRoundTrip() throws IOException {
    Tensor frame = FloatTensor.of(Shape.of(2), -0.1f, Float.MIN_VALUE);
    Path file = folder.resolve("floats.bin");
    RawTensorFile.write(file, List.of(frame));
    assertEquals(List.of(frame), RawTensorFile.read(file, frame.type()));
  }

  @Test
  void truncatedFileSaysWhatAFrameNeeds() throws IOException {
    Path file = Files.write(folder.resolve("short.bin"), new byte[19]);
    TensorType type = new TensorType(IntegerType.INT32, Shape.of(1, 3));
    DiagnosticException thrown =
        assertThrows(DiagnosticException.class, () -> RawTensorFile.read(file, type));
    assertTrue(
        thrown.getMessage().contains("7 bytes of frame 2, but a frame of int32[1, 3] has 12 bytes"),
        thrown.getMessage());
  }

  @Test
  void valuesOutsideTheTypeAreRefused() throws IOException {
    Path file = Files.write(folder.resolve("wide.bin"), new byte[] {9});
    TensorType type = new TensorType(new IntegerType(4, true), Shape.of(1));
    assertThrows(DiagnosticException.class, () -> RawTensorFile.read(file, type));
  }

  @Test
  void missingFileIsADiagnostic() throws IOException {
    TensorType type = new TensorType(IntegerType.INT8, Shape.of(1));
    assertThrows(DiagnosticException.class, () -> RawTensorFile.read(folder.resolve("none"), type));
  }
}
