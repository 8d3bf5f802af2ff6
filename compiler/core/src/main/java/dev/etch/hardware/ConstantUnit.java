// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Gives the same frame for each frame that arrives, whatever that holds: the queue in front of it
 * stores no data, only that there are beats. The parts (all flags are registers, t is a cycle):
 *
 * <ol>
 *   <li><b>Counter.</b> In a cycle with a beat in the input queue it pops it, unless it is the
 *       first of its frame and {@code frames == } {@link #MOST_FRAMES}. With the first beat of a
 *       frame {@code frames} grows by one at the end of the cycle.
 *   <li><b>Reader.</b> A pipeline of {@link #STAGES} registers that moves as {@link MapUnit} says;
 *       the first stage takes the next beat of the output if {@code frames > 0}. With a frame's
 *       last beat {@code frames} goes down by one at the end of the cycle.
 * </ol>
 *
 * @param name Verilog name
 * @param layer name in the model
 * @param input beats of anything
 * @param output beats
 * @param elements what the output repeats: whole beats, a whole number of times a frame
 */
public record ConstantUnit(
    String name, String layer, Stream input, Stream output, List<Integer> elements)
    implements Unit {
  /** Frames that it is behind at most: more than ever are on their way on another branch. */
  public static final int MOST_FRAMES = 15;

  /** Registers from the counter of the output to its queue. */
  public static final int STAGES = 2;

  public ConstantUnit {
    Identifiers.requireLegal(name);
    Objects.requireNonNull(layer);
    Objects.requireNonNull(input);
    elements = List.copyOf(elements);
    int width = output.type().elements();
    if (elements.isEmpty()
        || elements.size() % width != 0
        || output.beatsPerFrame() * width % elements.size() != 0) {
      throw new IllegalArgumentException("whole beats, a whole number of times a frame");
    }
    if (!elements.stream().allMatch(output.type().element()::contains)) {
      throw new IllegalArgumentException("constants of another type than the stream's");
    }
  }

  /**
   * The unit for a frame.
   *
   * @param frame all elements of the output, in the order of the stream
   */
  public static ConstantUnit of(
      String name, String layer, Stream input, Stream output, int[] frame) {
    int beats = output.beatsPerFrame();
    int width = output.type().elements();
    int period = 1;
    while (beats % period != 0 || !repeats(frame, period * width)) {
      period++;
    }
    List<Integer> elements = new ArrayList<>();
    for (int i = 0; i < period * width; i++) {
      elements.add(frame[i]);
    }
    return new ConstantUnit(name, layer, input, output, elements);
  }

  private static boolean repeats(int[] frame, int period) {
    for (int i = period; i < frame.length; i++) {
      if (frame[i] != frame[i - period]) {
        return false;
      }
    }
    return true;
  }

  /** The memory of the beats. */
  public ConstantTable table() {
    int width = output.type().elements();
    int bits = output.type().element().bits();
    List<BigInteger> beats = new ArrayList<>();
    for (int first = 0; first < elements.size(); first += width) {
      BigInteger beat = BigInteger.ZERO;
      for (int element = 0; element < width; element++) {
        BigInteger raw =
            BigInteger.valueOf(elements.get(first + element)).mod(BigInteger.ONE.shiftLeft(bits));
        beat = beat.or(raw.shiftLeft(element * bits));
      }
      beats.add(beat);
    }
    return ConstantTable.of("constant", 0, beats, output.type().bits());
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
    return visitor.constant(this);
  }
}
