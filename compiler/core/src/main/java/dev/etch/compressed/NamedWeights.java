// SPDX-License-Identifier: Apache-2.0
package dev.etch.compressed;

import dev.etch.tensor.ClusteredWeights;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.SparseWeights;
import dev.etch.tensor.TensorType;
import dev.etch.tensor.Weights;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The integers of a constant in a section: bytes of its name (2), the name in UTF-8, and the {@link
 * SparseCode}.
 *
 * @param code not copied
 */
record NamedWeights(String name, byte[] code) {
  /** In characters, of which each has at most three bytes. */
  static final int LONGEST_NAME = (1 << Short.SIZE) / 4;

  /** As many values as a {@link SparseCode} can have. */
  private static final int MOST_VALUES = 4096;

  /** With more values, indexes are not smaller than the values. */
  private static final int MOST_CLUSTERS = 256;

  /** Whether a constant is written like this: weights, not biases, which are as good as random. */
  static boolean takes(Weights weights) {
    TensorType type = weights.type();
    return type.element() instanceof IntegerType
        && type.shape().rank() >= 2
        && distinct(integers(weights)).length <= MOST_VALUES;
  }

  static NamedWeights of(String name, Weights weights) {
    return new NamedWeights(name, SparseCode.of(integers(weights)).bytes());
  }

  private static int[] integers(Weights weights) {
    return ((IntegerTensor) weights.decode()).data();
  }

  private static int[] distinct(int... values) {
    return Arrays.stream(values).sorted().distinct().toArray();
  }

  byte[] payload() {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Short.BYTES + utf8.length + code.length)
        .putShort((short) utf8.length)
        .put(utf8)
        .put(code)
        .array();
  }

  /**
   * What a section holds.
   *
   * @throws DamagedCode if it has no name
   */
  static NamedWeights of(byte[] payload) {
    ByteBuffer in = ByteBuffer.wrap(payload);
    int length = in.remaining() < Short.BYTES ? -1 : Short.toUnsignedInt(in.getShort());
    if (length < 0 || length > in.remaining()) {
      throw new DamagedCode("weights have no name");
    }
    byte[] utf8 = new byte[length];
    in.get(utf8);
    byte[] code = new byte[in.remaining()];
    in.get(code);
    return new NamedWeights(new String(utf8, StandardCharsets.UTF_8), code);
  }

  /**
   * The weights in the form that says most about them: sparse, if most are zero, clustered, if they
   * have few values, or dense.
   *
   * @throws DamagedCode if they are not of this type
   */
  Weights decode(TensorType type) {
    int[] data = SparseCode.decode(code, type.shape().elements());
    IntegerTensor all;
    try {
      all = new IntegerTensor(type, data);
    } catch (IllegalArgumentException e) {
      throw new DamagedCode("of '" + name + "', a " + e.getMessage());
    }
    int[] places = IntStream.range(0, data.length).filter(i -> data[i] != 0).toArray();
    if (places.length <= data.length / 2) {
      int[] values = Arrays.stream(places).map(place -> data[place]).toArray();
      Shape stored = Shape.of(places.length);
      return new SparseWeights(
          type,
          IntegerTensor.of(IntegerType.INT32, stored, places),
          IntegerTensor.of(type.element(), stored, values));
    }
    int[] codebook = distinct(data);
    if (codebook.length > MOST_CLUSTERS) {
      return new DenseWeights(all);
    }
    int[] indexes = Arrays.stream(data).map(v -> Arrays.binarySearch(codebook, v)).toArray();
    return new ClusteredWeights(
        IntegerTensor.of(type.element(), Shape.of(codebook.length), codebook),
        IntegerTensor.of(IntegerType.INT32, type.shape(), indexes));
  }
}
