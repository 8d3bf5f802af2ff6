// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.data;

import dev.etch.importer.Refusal;
import dev.etch.tensor.BooleanType;
import dev.etch.tensor.ElementType;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerType;
import java.util.Arrays;
import java.util.Optional;

/** Element types as ONNX numbers them ({@code TensorProto.DataType}). */
public enum OnnxType {
  FLOAT(1, 32, FloatType.FLOAT32),
  UINT8(2, 8, IntegerType.UINT8),
  INT8(3, 8, IntegerType.INT8),
  UINT16(4, 16, new IntegerType(16, false)),
  INT16(5, 16, new IntegerType(16, true)),
  INT32(6, 32, IntegerType.INT32),
  INT64(7, 64, IntegerType.INT64),
  STRING(8),
  BOOL(9, 8, BooleanType.BOOLEAN),
  FLOAT16(10),
  DOUBLE(11),
  UINT32(12),
  UINT64(13),
  COMPLEX64(14),
  COMPLEX128(15),
  BFLOAT16(16),
  FLOAT8E4M3FN(17),
  FLOAT8E4M3FNUZ(18),
  FLOAT8E5M2(19),
  FLOAT8E5M2FNUZ(20),
  UINT4(21, 4, new IntegerType(4, false)),
  INT4(22, 4, new IntegerType(4, true)),
  FLOAT4E2M1(23),
  FLOAT8E8M0(24),
  UINT2(25),
  INT2(26);

  private final int number;
  private final int storageBits;
  private final ElementType element;

  OnnxType(int number) {
    this(number, 0, null);
  }

  OnnxType(int number, int storageBits, ElementType element) {
    this.number = number;
    this.storageBits = storageBits;
    this.element = element;
  }

  /** The type whose elements are {@code element}; empty if ONNX has none. */
  public static Optional<OnnxType> of(ElementType element) {
    return Arrays.stream(values()).filter(t -> element.equals(t.element)).findFirst();
  }

  /** What ONNX calls it. */
  public int number() {
    return number;
  }

  /** The type with ONNX's number; empty if ONNX does not define it. */
  public static Optional<OnnxType> of(long number) {
    return Arrays.stream(values()).filter(t -> t.number == number).findFirst();
  }

  /**
   * The type with ONNX's number, if the graph can hold it.
   *
   * @throws Refusal that names the type otherwise
   */
  public static OnnxType supported(long number) {
    OnnxType type =
        of(number)
            .orElseThrow(
                () ->
                    new Refusal(
                        number == 0
                            ? "element type is missing"
                            : "element type " + number + " is not known",
                        "export the model again"));
    if (type.element == null) {
      throw new Refusal(
          "element type " + type.name().toLowerCase(java.util.Locale.ROOT) + " is not supported",
          "convert the model to float32 before it is quantized; supported are " + supportedNames());
    }
    return type;
  }

  /** What the graph holds such elements as; only for a supported type. */
  public ElementType element() {
    return element;
  }

  /** Bits of an element in {@code raw_data}; only for a supported type. */
  public int storageBits() {
    return storageBits;
  }

  private static String supportedNames() {
    return Arrays.stream(values())
        .filter(t -> t.element != null)
        .map(t -> t.element.toString())
        .collect(java.util.stream.Collectors.joining(", "));
  }
}
