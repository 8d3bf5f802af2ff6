// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.List;
import java.util.Objects;

/**
 * Adds two streams element by element: {@code clamp(tieRule((left * leftMultiplier + right *
 * rightMultiplier + offset) >> shift), low, high)} or the same with tables instead of products. The
 * same pipeline of {@link MapUnit#STAGES} registers as {@link MapUnit}; it takes a beat if both
 * queues are not empty.
 *
 * @param name Verilog name
 * @param layer name in the model
 * @param left first operand
 * @param right second operand, with as many elements and beats
 * @param output sum, with as many elements and beats
 * @param sum the arithmetic, proved equal to the framework's definition on all pairs
 */
public record AddUnit(String name, String layer, Stream left, Stream right, Stream output, Sum sum)
    implements Unit {
  public AddUnit {
    Identifiers.requireLegal(name);
    Objects.requireNonNull(layer);
    if (left.type().elements() != output.type().elements()
        || right.type().elements() != output.type().elements()
        || left.beatsPerFrame() != output.beatsPerFrame()
        || right.beatsPerFrame() != output.beatsPerFrame()) {
      throw new IllegalArgumentException("as many elements out as in");
    }
    Objects.requireNonNull(sum);
  }

  @Override
  public List<Stream> inputs() {
    return List.of(left, right);
  }

  @Override
  public List<Stream> outputs() {
    return List.of(output);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.add(this);
  }
}
