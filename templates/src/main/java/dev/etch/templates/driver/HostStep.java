// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.driver;

import dev.etch.templates.SafeText.JavaText;
import java.util.List;
import java.util.Objects;

/**
 * A call of the generated HostMath.
 *
 * @param index counts from 1
 * @param method of HostMath
 * @param result type of the result
 * @param tables constant arrays that follow the tensor in the call
 * @param arguments that follow the tables
 */
public record HostStep(
    int index, Method method, ArrayType result, List<Table> tables, List<JavaText> arguments) {
  public HostStep {
    Objects.requireNonNull(method);
    Objects.requireNonNull(result);
    tables = List.copyOf(tables);
    arguments = List.copyOf(arguments);
  }

  /** Methods of HostMath, spelled as in Java. */
  public enum Method {
    QUANTIZE("quantize"),
    QUANTIZE_TIES_AWAY("quantizeTiesAway"),
    QUANTIZE_REAL("quantizeReal"),
    LINEAR("linear"),
    DEQUANTIZE("dequantize"),
    TRANSPOSE("transpose"),
    CLIP("clip"),
    SOFTMAX("softmax"),
    LOG_SOFTMAX("logSoftmax"),
    FIXED_POINT_SOFTMAX("fixedPointSoftmax"),
    FIXED_POINT_LOG_SOFTMAX("fixedPointLogSoftmax"),
    TABLE_SOFTMAX("tableSoftmax"),
    LOOK_UP("lookUp"),
    INTERPOLATED_SOFTMAX("interpolatedSoftmax"),
    ARG_MAX("argMax");

    private final String spelling;

    Method(String spelling) {
      this.spelling = spelling;
    }

    @Override
    public String toString() {
      return spelling;
    }
  }

  /** Java array types that tensors have in a driver. */
  public enum ArrayType {
    INTS("int[]", "ints"),
    FLOATS("float[]", "floats");

    private final String spelling;
    private final String reader;

    ArrayType(String spelling, String reader) {
      this.spelling = spelling;
      this.reader = reader;
    }

    /** The method of the generated ReferenceVectors that reads such an array. */
    String reader() {
      return reader;
    }

    @Override
    public String toString() {
      return spelling;
    }
  }

  /** Names of constant arrays. */
  public enum TableName {
    SCALES,
    ZERO_POINTS,
    DIVISORS,
    FACTORS,
    ADDENDS,
    SHAPE,
    PERMUTATION,
    EXPONENTIALS,
    DISTANCES,
    NUMBERS,
    RECIPROCALS
  }

  /** A constant array. */
  public record Table(TableName name, ArrayType type, JavaText values) {}
}
