// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.schema;

import com.google.flatbuffers.Table;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A table of a FlatBuffers file that nobody has verified: every access is checked against the
 * file's bounds, and a vector's length before anything is allocated for it.
 *
 * <p>Fields count from 0 in the order of the schema. An absent field has its default.
 */
public final class FlatTable extends Table {
  private static final int BYTES_OF_OFFSET = Integer.BYTES;

  /**
   * How many elements may be copied out of a file for each of its bytes. Vectors of a file that a
   * writer has made do not overlap; those of a damaged one may be read any number of times.
   */
  private static final int ELEMENTS_A_BYTE = 4;

  private final AtomicLong budget;

  private FlatTable(ByteBuffer bytes, int position, AtomicLong budget) {
    this.budget = budget;
    try {
      __reset(position, bytes);
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** The root table of a file whose content is {@code bytes}. */
  static FlatTable root(ByteBuffer bytes) {
    ByteBuffer little = bytes.order(ByteOrder.LITTLE_ENDIAN);
    try {
      return new FlatTable(
          little, little.getInt(0), new AtomicLong((long) ELEMENTS_A_BYTE * little.capacity()));
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  /** A {@code byte} or {@code bool} field or an enumeration of bytes. */
  int int8(int field, int absent) {
    int at = position(field);
    return at == 0 ? absent : checked(() -> bb.get(at));
  }

  /** A {@code bool} field. */
  boolean bool(int field) {
    return int8(field, 0) != 0;
  }

  /** An {@code int} field; of a {@code uint} field the 32 bits. */
  int int32(int field, int absent) {
    int at = position(field);
    return at == 0 ? absent : checked(() -> bb.getInt(at));
  }

  /** A {@code long} or {@code ulong} field. */
  long int64(int field, long absent) {
    int at = position(field);
    return at == 0 ? absent : checked(() -> bb.getLong(at));
  }

  /** A {@code float} field. */
  float float32(int field, float absent) {
    int at = position(field);
    return at == 0 ? absent : checked(() -> bb.getFloat(at));
  }

  /** A string field; empty if it is absent. */
  String text(int field) {
    Vector vector = vector(field, 1);
    byte[] bytes = new byte[vector.length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bb.get(vector.at(i));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** A vector of {@code int}; empty if it is absent. */
  List<Integer> ints(int field) {
    Vector vector = vector(field, Integer.BYTES);
    List<Integer> values = new ArrayList<>(vector.length());
    for (int i = 0; i < vector.length(); i++) {
      values.add(bb.getInt(vector.at(i)));
    }
    return values;
  }

  /** A vector of {@code long}; empty if it is absent. */
  List<Long> longs(int field) {
    Vector vector = vector(field, Long.BYTES);
    List<Long> values = new ArrayList<>(vector.length());
    for (int i = 0; i < vector.length(); i++) {
      values.add(bb.getLong(vector.at(i)));
    }
    return values;
  }

  /** A vector of {@code float}; empty if it is absent. */
  List<Float> floats(int field) {
    Vector vector = vector(field, Float.BYTES);
    List<Float> values = new ArrayList<>(vector.length());
    for (int i = 0; i < vector.length(); i++) {
      values.add(bb.getFloat(vector.at(i)));
    }
    return values;
  }

  /** A vector of unsigned numbers of {@code bytesEach} bytes, 1 or 2; empty if it is absent. */
  List<Integer> unsigned(int field, int bytesEach) {
    Vector vector = vector(field, bytesEach);
    List<Integer> values = new ArrayList<>(vector.length());
    for (int i = 0; i < vector.length(); i++) {
      values.add(
          bytesEach == 1
              ? Byte.toUnsignedInt(bb.get(vector.at(i)))
              : Short.toUnsignedInt(bb.getShort(vector.at(i))));
    }
    return values;
  }

  /** A vector of {@code ubyte} as little-endian bytes, not copied; empty if it is absent. */
  ByteBuffer bytes(int field) {
    Vector vector = vector(field, 1);
    budget.addAndGet(vector.length());
    return bb.slice(vector.start(), vector.length()).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A table field; also the value of a union. */
  Optional<FlatTable> table(int field) {
    int at = position(field);
    return at == 0 ? Optional.empty() : Optional.of(tableAt(at));
  }

  /** A vector of tables; empty if it is absent. */
  List<FlatTable> tables(int field) {
    Vector vector = vector(field, BYTES_OF_OFFSET);
    List<FlatTable> tables = new ArrayList<>(vector.length());
    for (int i = 0; i < vector.length(); i++) {
      tables.add(tableAt(vector.at(i)));
    }
    return tables;
  }

  private FlatTable tableAt(int at) {
    return new FlatTable(bb, target(at), budget);
  }

  /** Where a vector's elements are. */
  private record Vector(int start, int length, int bytesEach) {
    int at(int index) {
      return start + index * bytesEach;
    }
  }

  private Vector vector(int field, int bytesEach) {
    int at = position(field);
    if (at == 0) {
      return new Vector(0, 0, bytesEach);
    }
    int lengthAt = target(at);
    int length = checked(() -> bb.getInt(lengthAt));
    int start = lengthAt + BYTES_OF_OFFSET;
    if (length < 0 || (long) length * bytesEach > bb.capacity() - start) {
      throw new MalformedFile("a vector of " + length + " elements leaves the file");
    }
    if (budget.addAndGet(-length) < 0) {
      throw new MalformedFile("vectors overlap");
    }
    return new Vector(start, length, bytesEach);
  }

  /** What the offset at {@code at} points to. */
  private int target(int at) {
    long target = at + Integer.toUnsignedLong(checked(() -> bb.getInt(at)));
    if (target >= bb.capacity()) {
      throw new MalformedFile("an offset points to " + target + ", outside of the file");
    }
    return (int) target;
  }

  /** Where a field is; 0 if it is absent. */
  private int position(int field) {
    int offset = checked(() -> __offset(2 * Short.BYTES + field * Short.BYTES));
    return offset == 0 ? 0 : bb_pos + offset;
  }

  private static <T> T checked(java.util.function.Supplier<T> read) {
    try {
      return read.get();
    } catch (IndexOutOfBoundsException e) {
      throw outside(e);
    }
  }

  private static MalformedFile outside(IndexOutOfBoundsException e) {
    return new MalformedFile("an offset points outside of the file (" + e.getMessage() + ")");
  }
}
