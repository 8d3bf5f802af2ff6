// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.schema;

import dev.etch.tensor.BooleanType;
import dev.etch.tensor.ElementType;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerType;
import java.util.List;
import java.util.Optional;

/** {@code TensorType} of the schema: names in its order, and the element types they stand for. */
public final class ElementTypes {
  private static final List<String> NAMES =
      List.of(
          "FLOAT32",
          "FLOAT16",
          "INT32",
          "UINT8",
          "INT64",
          "STRING",
          "BOOL",
          "INT16",
          "COMPLEX64",
          "INT8",
          "FLOAT64",
          "COMPLEX128",
          "UINT64",
          "RESOURCE",
          "VARIANT",
          "UINT32",
          "UINT16",
          "INT4",
          "BFLOAT16",
          "INT2",
          "UINT4");

  private ElementTypes() {}

  /** The element type of a number; empty if the graph has none such. */
  public static Optional<ElementType> of(int number) {
    return switch (name(number)) {
      case "FLOAT32" -> Optional.of(FloatType.FLOAT32);
      case "BOOL" -> Optional.of(BooleanType.BOOLEAN);
      case "INT2" -> Optional.of(new IntegerType(2, true));
      case "INT4" -> Optional.of(new IntegerType(4, true));
      case "UINT4" -> Optional.of(new IntegerType(4, false));
      case "INT8" -> Optional.of(IntegerType.INT8);
      case "UINT8" -> Optional.of(IntegerType.UINT8);
      case "INT16" -> Optional.of(new IntegerType(16, true));
      case "UINT16" -> Optional.of(new IntegerType(16, false));
      case "INT32" -> Optional.of(IntegerType.INT32);
      case "INT64" -> Optional.of(IntegerType.INT64);
      default -> Optional.empty();
    };
  }

  /** The schema's name of a number. */
  public static String name(int number) {
    return number >= 0 && number < NAMES.size() ? NAMES.get(number) : "type " + number;
  }
}
