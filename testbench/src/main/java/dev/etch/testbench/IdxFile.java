// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A file of unsigned bytes in the IDX format of the MNIST family (two zero bytes, type 0x08, rank,
 * then big-endian extents, then the elements row-major), plain or compressed by gzip.
 *
 * @param dimensions extents, outermost (the items) first
 * @param data elements
 */
public record IdxFile(List<Integer> dimensions, byte[] data) {
  private static final int UNSIGNED_BYTES = 0x08;
  private static final int GZIP_MAGIC = 0x1f8b;
  private static final long LARGEST = 1L << 30;

  public IdxFile {
    dimensions = List.copyOf(dimensions);
  }

  /** Images or labels. */
  public int items() {
    return dimensions.get(0);
  }

  /** Elements of one item. */
  public int itemSize() {
    return dimensions.stream().skip(1).reduce(1, (a, b) -> a * b);
  }

  /** Element {@code index} of an item, 0 to 255. */
  public int at(int item, int index) {
    return data[item * itemSize() + index] & 0xff;
  }

  /**
   * Reads a file.
   *
   * @throws DiagnosticException if it cannot be read, is not of this format, or is cut off
   */
  public static IdxFile read(Path file) {
    try (DataInputStream in = new DataInputStream(open(file))) {
      List<Integer> dimensions = readHeader(file, in);
      long elements = 1;
      for (int d : dimensions) {
        elements = elements > LARGEST ? elements : elements * d;
      }
      if (elements > LARGEST) {
        throw problem(file, "says that it holds " + dimensions + " elements", "");
      }
      byte[] data = in.readNBytes((int) elements);
      if (data.length < elements) {
        throw problem(
            file,
            "ends after " + data.length + " of " + elements + " elements",
            "it was not copied whole; fetch it again");
      }
      if (in.read() >= 0) {
        throw problem(file, "goes on after its last element", "it is not an IDX file");
      }
      return new IdxFile(dimensions, data);
    } catch (EOFException e) {
      throw problem(file, "ends within its header or its compressed data", "fetch it again");
    } catch (IOException e) {
      throw problem(file, "cannot be read: " + e.getMessage(), "");
    }
  }

  private static InputStream open(Path file) throws IOException {
    BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      in.mark(2);
      int magic = in.read() << 8 | in.read();
      in.reset();
      return magic == GZIP_MAGIC ? new GZIPInputStream(in, 1 << 16) : in;
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private static List<Integer> readHeader(Path file, DataInputStream in) throws IOException {
    int magic = in.readInt();
    int type = magic >> 8;
    int rank = magic & 0xff;
    if (type != UNSIGNED_BYTES || rank < 1 || rank > 8) {
      throw problem(
          file,
          "is not an IDX file of unsigned bytes: it starts with 0x%08x".formatted(magic),
          "images start with 0x00000803, labels with 0x00000801");
    }
    List<Integer> dimensions = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      int extent = in.readInt();
      if (extent < 0) {
        throw problem(file, "has a dimension of more than 2^31 elements", "");
      }
      dimensions.add(extent);
    }
    return dimensions;
  }

  private static DiagnosticException problem(Path file, String message, String help) {
    return new DiagnosticException(Location.file(file.toString()), message, help);
  }
}
