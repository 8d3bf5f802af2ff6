// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.List;
import java.util.Objects;

/**
 * Softmax over lines of {@code elements} consecutive elements, one element a beat. For each line in
 * turn (t is a cycle):
 *
 * <ol>
 *   <li>LOAD: it pops a beat in a cycle in which the pipeline of step 3 is empty and the input
 *       queue is not, writes it into a memory and keeps the largest.
 *   <li>SUM: {@link SoftmaxForm#busyCycles} cycles follow the one in which the line's last beat is
 *       popped: the memory is read again, a table gives each element's exponential by its distance
 *       to the largest, and they are added up.
 *   <li>EMIT: the elements are read once more, in order, and enter a pipeline of {@link
 *       SoftmaxForm#stages} registers that moves as {@link MapUnit} says. When the last has
 *       entered, LOAD follows.
 * </ol>
 *
 * @param name Verilog name
 * @param layer name in the model
 * @param input one element a beat, of at most 8 bits
 * @param output one element a beat
 * @param elements of a line
 * @param form the arithmetic
 */
public record SoftmaxUnit(
    String name, String layer, Stream input, Stream output, int elements, SoftmaxForm form)
    implements Unit {
  public SoftmaxUnit {
    Identifiers.requireLegal(name);
    Objects.requireNonNull(layer);
    Objects.requireNonNull(form);
    if (input.type().elements() != 1
        || output.type().elements() != 1
        || input.type().element().bits() > 8
        || input.beatsPerFrame() != output.beatsPerFrame()
        || elements < 1
        || input.beatsPerFrame() % elements != 0) {
      throw new IllegalArgumentException("lines of elements of 8 bits, one a beat");
    }
  }

  /** Cycles from the first beat of a line to the first of the next, if no queue makes it wait. */
  public int cyclesPerLine() {
    return 2 * elements + form.busyCycles(elements) + form.stages();
  }

  @Override
  public List<Stream> inputs() {
    return List.of(input);
  }

  @Override
  public List<Stream> outputs() {
    return List.of(output);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.softmax(this);
  }
}
