// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.data;

import dev.etch.tensor.ClusteredWeights;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.ElementType;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.SparseWeights;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import dev.etch.tensor.Weights;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Rearranges constant data and keeps the form that it was compressed to. */
public final class WeightForms {
  private WeightForms() {}

  /** Axis i of the result is axis {@code permutation[i]} of {@code weights}. */
  public static Weights transposed(Weights weights, List<Integer> permutation) {
    Shape from = weights.type().shape();
    Shape to = new Shape(permutation.stream().map(from::dimension).toList());
    if (weights instanceof SparseWeights sparse) {
      return movedSparse(sparse, to, permutation);
    }
    int[] source = sources(from, to, permutation);
    if (weights instanceof ClusteredWeights clustered) {
      return new ClusteredWeights(
          clustered.codebook(), (IntegerTensor) gathered(clustered.indexes(), to, source));
    }
    return new DenseWeights(gathered(weights.decode(), to, source));
  }

  /** The same row-major elements under another shape. */
  public static Weights reshaped(Weights weights, Shape shape) {
    if (weights instanceof ClusteredWeights clustered) {
      return new ClusteredWeights(clustered.codebook(), clustered.indexes().reshape(shape));
    }
    if (weights instanceof SparseWeights sparse) {
      TensorType type = new TensorType(sparse.type().element(), shape);
      return new SparseWeights(type, sparse.indexes(), sparse.values());
    }
    return new DenseWeights(weights.decode().reshape(shape));
  }

  /** Every float multiplied by {@code factor}; zeros stay zeros, so the form is kept. */
  public static Weights scaled(Weights weights, float factor) {
    if (weights instanceof ClusteredWeights clustered) {
      return new ClusteredWeights(scaled(clustered.codebook(), factor), clustered.indexes());
    }
    if (weights instanceof SparseWeights sparse) {
      return new SparseWeights(sparse.type(), sparse.indexes(), scaled(sparse.values(), factor));
    }
    return new DenseWeights(scaled(weights.decode(), factor));
  }

  private static Tensor scaled(Tensor tensor, float factor) {
    float[] data = ((FloatTensor) tensor).data().clone();
    for (int i = 0; i < data.length; i++) {
      data[i] *= factor;
    }
    return new FloatTensor(tensor.type(), data);
  }

  /**
   * Integers minus their zero point. The element type stays if nothing is subtracted; otherwise it
   * is signed and as wide as before if all values fit, else one bit wider.
   *
   * @param zeroPoints one, or one for each index along {@code axis}
   */
  public static Weights centered(Weights weights, int[] zeroPoints, int axis) {
    if (Arrays.stream(zeroPoints).allMatch(z -> z == 0)) {
      return weights;
    }
    if (weights instanceof ClusteredWeights clustered && zeroPoints.length == 1) {
      IntegerTensor codebook = (IntegerTensor) clustered.codebook();
      int[] data = Arrays.stream(codebook.data()).map(v -> v - zeroPoints[0]).toArray();
      return new ClusteredWeights(typed(codebook.type(), data), clustered.indexes());
    }
    IntegerTensor tensor = (IntegerTensor) weights.decode();
    int[] data = tensor.data().clone();
    Shape shape = tensor.shape();
    int stride = zeroPoints.length == 1 ? 1 : shape.strides()[axis];
    for (int i = 0; i < data.length; i++) {
      int channel = zeroPoints.length == 1 ? 0 : i / stride % zeroPoints.length;
      data[i] -= zeroPoints[channel];
    }
    return new DenseWeights(typed(tensor.type(), data));
  }

  private static IntegerTensor typed(TensorType type, int[] data) {
    int bits = ((IntegerType) type.element()).bits();
    IntegerType narrow = new IntegerType(bits, true);
    boolean fits = Arrays.stream(data).allMatch(narrow::contains);
    ElementType element = fits ? narrow : new IntegerType(bits + 1, true);
    return new IntegerTensor(new TensorType(element, type.shape()), data);
  }

  /** For every row-major position of the result, the position that it is read from. */
  private static int[] sources(Shape from, Shape to, List<Integer> permutation) {
    int[] fromStrides = from.strides();
    int[] steps = permutation.stream().mapToInt(axis -> fromStrides[axis]).toArray();
    int[] dimensions = to.toArray();
    int[] place = new int[dimensions.length];
    int[] source = new int[to.elements()];
    int at = 0;
    for (int i = 0; i < source.length; i++) {
      source[i] = at;
      // Counts on, the last axis first: large matrices have no time for divisions.
      int axis = dimensions.length - 1;
      while (axis >= 0) {
        at += steps[axis];
        if (++place[axis] < dimensions[axis]) {
          break;
        }
        at -= dimensions[axis] * steps[axis];
        place[axis--] = 0;
      }
    }
    return source;
  }

  private static Tensor gathered(Tensor tensor, Shape to, int[] source) {
    TensorType type = new TensorType(tensor.type().element(), to);
    if (tensor instanceof FloatTensor floats) {
      float[] data = new float[source.length];
      for (int i = 0; i < data.length; i++) {
        data[i] = floats.data()[source[i]];
      }
      return new FloatTensor(type, data);
    }
    int[] integers = ((IntegerTensor) tensor).data();
    int[] data = new int[source.length];
    for (int i = 0; i < data.length; i++) {
      data[i] = integers[source[i]];
    }
    return new IntegerTensor(type, data);
  }

  private static Weights movedSparse(SparseWeights sparse, Shape to, List<Integer> permutation) {
    Shape from = sparse.type().shape();
    int[] fromStrides = from.strides();
    int[] toStrides = to.strides();
    int[] moved = new int[sparse.indexes().data().length];
    for (int i = 0; i < moved.length; i++) {
      for (int axis = 0; axis < to.rank(); axis++) {
        int source = permutation.get(axis);
        int at = sparse.indexes().data()[i];
        moved[i] += at / fromStrides[source] % from.dimension(source) * toStrides[axis];
      }
    }
    int[] order =
        java.util.stream.IntStream.range(0, moved.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> moved[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    IntegerTensor indexes =
        new IntegerTensor(
            sparse.indexes().type(), Arrays.stream(order).map(i -> moved[i]).toArray());
    Tensor values = gathered(sparse.values(), sparse.values().shape(), order);
    return new SparseWeights(new TensorType(sparse.type().element(), to), indexes, values);
  }
}
