// SPDX-License-Identifier: Apache-2.0
package dev.etch.tensor;

import java.util.List;
import java.util.stream.Collectors;

/** Extents of a tensor, outermost first; empty for a scalar. Each extent is at least 0. */
public record Shape(List<Integer> dimensions) {
  public Shape {
    dimensions = List.copyOf(dimensions);
    long elements = 1;
    for (int d : dimensions) {
      if (d < 0) {
        throw new IllegalArgumentException("negative dimension in " + dimensions);
      }
      elements = Math.multiplyExact(elements, (long) d);
      if (elements > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("more than 2^31 - 1 elements in " + dimensions);
      }
    }
  }

  /** The shape with these extents. */
  public static Shape of(int... dimensions) {
    return new Shape(java.util.Arrays.stream(dimensions).boxed().toList());
  }

  /** Number of dimensions. */
  public int rank() {
    return dimensions.size();
  }

  /** Extent of one axis; a negative axis counts from the end. */
  public int dimension(int axis) {
    return dimensions.get(axis < 0 ? axis + rank() : axis);
  }

  /** Number of elements. */
  public int elements() {
    int product = 1;
    for (int d : dimensions) {
      product *= d;
    }
    return product;
  }

  /** Extents as an array. */
  public int[] toArray() {
    return dimensions.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Row-major distance between neighbours along each axis. */
  public int[] strides() {
    int[] strides = new int[rank()];
    int stride = 1;
    for (int axis = rank() - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= dimensions.get(axis);
    }
    return strides;
  }

  @Override
  public String toString() {
    return dimensions.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }
}
