// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.requantizer.Requantizer;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Requantizes every element on its own. A pipeline of {@link #STAGES} registers: a stage moves on
 * if the next stage is empty or moves on too (the last stage: if the output queue has space); the
 * first stage takes a beat if the input queue is not empty and the stage is empty or moves on. So a
 * beat popped in cycle t is pushed in cycle t + STAGES at the earliest.
 *
 * @param name Verilog name
 * @param layer name in the model
 * @param input beats
 * @param output beats of as many elements
 * @param channels after how many runs the channel starts again at 0
 * @param run neighbouring elements that belong to one channel; 1 unless a channel is a whole pixel
 * @param requantizer input element to output element
 */
public record MapUnit(
    String name,
    String layer,
    Stream input,
    Stream output,
    int channels,
    int run,
    Requantizer requantizer)
    implements Unit {
  /** Registers from input to output queue. */
  public static final int STAGES = PipelineStages.REQUANTIZER + 2;

  public MapUnit {
    Identifiers.requireLegal(name);
    Objects.requireNonNull(layer);
    if (input.type().elements() != output.type().elements()
        || input.beatsPerFrame() != output.beatsPerFrame()
        || (run == 1 ? channels : run) % input.type().elements() != 0) {
      throw new IllegalArgumentException("as many elements out as in, whole beats a pixel");
    }
    Objects.requireNonNull(requantizer);
  }

  /** Beats after which the channels start again. */
  public int channelBeats() {
    return run == 1 ? channels / input.type().elements() : channels;
  }

  /** The channels of the elements at a place of a beat, one for each of {@link #channelBeats}. */
  public List<Integer> channelsOf(int element) {
    int elements = input.type().elements();
    return IntStream.range(0, channelBeats())
        .mapToObj(beat -> run == 1 ? beat * elements + element : beat)
        .toList();
  }

  /** Channel of the element at a position of the frame. */
  public int channel(int position) {
    return position / run % channels;
  }

  @Override
  public boolean loads() {
    return requantizer.loads();
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
    return visitor.map(this);
  }
}
