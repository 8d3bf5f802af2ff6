// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.op.Layout;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;

/**
 * A value during a run, as a tensor or as planes, whichever its reader asks for; a conversion is
 * done once. One thread at a time.
 */
final class Activation {
  private final TensorType type;
  private Tensor tensor;
  private Planes planes;

  /** A value that is a tensor. */
  Activation(Tensor tensor) {
    this.type = tensor.type();
    this.tensor = tensor;
  }

  /** A value of {@code type} that is planes. */
  Activation(TensorType type, Planes planes) {
    this.type = type;
    this.planes = planes;
  }

  /** The value as a tensor. */
  Tensor tensor() {
    if (tensor == null) {
      tensor = planes.tensor(type);
    }
    return tensor;
  }

  /** The layout of the planes that this or {@code other} is already; if neither, {@code none}. */
  Layout layoutOr(Activation other, Layout none) {
    if (planes != null) {
      return planes.layout();
    }
    return other.planes == null ? none : other.planes.layout();
  }

  /** The value, integers with 4 axes, as planes. */
  Planes planes(Layout layout) {
    if (planes == null || planes.layout() != layout) {
      if (!(tensor() instanceof IntegerTensor integers)) {
        throw new CompilerBug(type + " has no integer planes");
      }
      planes = Planes.of(integers, layout);
    }
    return planes;
  }

  /** Gives back the memory of a value that nobody reads any more. */
  void release(Scratch scratch) {
    if (planes != null) {
      scratch.takeBack(planes.data());
    }
  }
}
