// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.schema;

import java.util.List;
import java.util.Optional;

/** The attributes of one operator, by the fields of its option table; absent ones have defaults. */
public final class Options {
  private final Optional<FlatTable> table;

  /** Attributes of an operator. */
  public Options(TfliteOperator operator) {
    this.table = operator.options();
  }

  /** An {@code int} field. */
  public int int32(int field, int absent) {
    return table.map(t -> t.int32(field, absent)).orElse(absent);
  }

  /** An enumeration of bytes; 0 if absent. */
  public int int8(int field) {
    return table.map(t -> t.int8(field, 0)).orElse(0);
  }

  /** A {@code float} field; 0 if absent. */
  public float float32(int field) {
    return table.map(t -> t.float32(field, 0)).orElse(0f);
  }

  /** A {@code bool} field; false if absent. */
  public boolean bool(int field) {
    return table.map(t -> t.bool(field)).orElse(false);
  }

  /** A vector of {@code int}; empty if absent. */
  public List<Integer> ints(int field) {
    return table.map(t -> t.ints(field)).orElse(List.of());
  }

  /** A field of type {@code Padding}. */
  public Padding padding(int field) {
    return constant(Padding.values(), field, "padding");
  }

  /** A field of type {@code ActivationFunctionType}. */
  public Activation activation(int field) {
    return constant(Activation.values(), field, "activation");
  }

  private <E extends Enum<E>> E constant(E[] values, int field, String what) {
    int number = table.map(t -> t.int8(field, 0)).orElse(0);
    if (number < 0 || number >= values.length) {
      throw new MalformedFile("unknown " + what + " " + number);
    }
    return values[number];
  }
}
