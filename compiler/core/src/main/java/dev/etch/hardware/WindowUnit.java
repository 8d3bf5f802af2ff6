// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.tensor.IntegerType;
import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A sliding window over a frame, read by an array of lanes that follow a static schedule: dense,
 * grouped and depthwise convolution, dense layers, every kind of pooling, padding, and any
 * reordering of a frame. Zero weights are simply not in the schedule and cost no cycle.
 *
 * <p>Parts and their state machines (registers unless said otherwise, t is a cycle):
 *
 * <ol>
 *   <li><b>Writer.</b> Walks the padded frame in raster order, one beat a cycle, into a circular
 *       memory of {@code buffer.depth} beats. It works in a cycle if {@code occupied < depth}, and
 *       then either the position is padding (it writes {@code padValue} to all elements) or the
 *       input queue is not empty (it pops and writes). The first beat of a frame waits for the
 *       input queue even if it is padding, so that a frame's latency does not depend on how long
 *       the core was idle before it. {@code occupied} grows by one at the end of the cycle for a
 *       beat written, and shrinks by the step of a released pixel one cycle later than {@code
 *       level} does (because the reads of the last step are in flight).
 *   <li><b>Sequencer.</b> States IDLE, RUN(step), PAUSE(slot). {@code level} = beats written minus
 *       beats released; it may be negative. A pixel <i>may start</i> if {@code level - released >=
 *       walk.span} and {@code inFlight < reorderPixels}, where {@code released} is the step of the
 *       pixel that is released in this very cycle (0 if none), and {@code inFlight} counts pixels
 *       started and not yet fully fetched by the serializer (it goes up when a pixel starts, at the
 *       end of the cycle that decides, and down at the end of the cycle in which the pixel's last
 *       beat is fetched). IDLE: if a pixel may start, RUN(0) is next. RUN(i), i &lt; steps - 1:
 *       RUN(i + 1) is next. RUN(steps - 1): this pixel is released (its pixelStep, at the end of a
 *       row its rowStep, at the end of the frame its frameStep); if a pixel may start, RUN(0) is
 *       next, else PAUSE(0) if {@code program.pause() > 0}, else IDLE. PAUSE(i), i &lt; pause - 1:
 *       PAUSE(i + 1) is next; PAUSE(pause - 1): if a pixel may start, RUN(0) is next, else IDLE. A
 *       unit that shares its multipliers starts a pixel only if {@link SharedArray} also grants it.
 *   <li><b>Words from outside</b> ({@link WordSource#EXTERNAL}, {@link WindowStream}). The unit
 *       <i>stands</i> in a cycle in which it needs a word and none is there: none of its registers
 *       and memories changes, it takes and gives no beat, and all that is said here of its cycles
 *       is said of those in which it does not stand. In the cycle {@link PipelineStages#ADDRESS}
 *       cycles behind each RUN(i) it needs the next word. What gathers words never stands. It has
 *       {@code left} words of the beats that it has taken, and {@code parts} of the beats of
 *       another word, both 0 at first. In a cycle in which the unit's queue of the {@link
 *       MemoryMap} has a beat, and {@code left} is 0, or is 1 or the word is the last of a run and
 *       the unit takes it in this cycle, the beat is taken: {@code parts} grows by one, and when it
 *       is {@link WindowStream#beatsOfWord}, it becomes 0 and {@code left} becomes {@link
 *       WindowStream#wordsOfBeat}. Behind the last word of a run the rest of a beat is dropped. A
 *       word is there if {@code left} is not 0.
 *   <li><b>Lanes.</b> In RUN(i), lane l performs its step i: reads element {@code element} of the
 *       beat at {@code base + address} (modulo depth), multiplies by {@code weight} and accumulates
 *       (or takes the sum or the maximum); the first step of a part loads instead. A step marked
 *       {@code last} ends a part: its value stands in the lane's holding register from slot i + 1
 *       on, until the lane's next part ends.
 *   <li><b>Drains.</b> One a cluster. They follow the pixel, whatever runs by then: if RUN(0) of a
 *       pixel is in cycle t, the drain in slot i applies to it in cycle t + i, or if marked {@code
 *       previousPixel} in cycle t + steps + i. The pause sees to it that no two apply at once. A
 *       drain takes the holding register of its lane (0 for lane -1), starts a sum with it or adds
 *       it (maximum: takes the larger), and after the last part sends it to the requantizer.
 *   <li><b>Requantizer.</b> A pipeline; its result enters the reorder memory at the channel's
 *       place. The pixel is complete {@link #COMPLETION_DELAY} cycles after the cycle of its very
 *       last {@code last} drain (over all clusters, in time): if that applies in cycle t, {@code
 *       complete} (pixels complete and not fully fetched) is seen to be one higher in cycle t +
 *       COMPLETION_DELAY.
 *   <li><b>Serializer.</b> It holds at most one beat in a register, and pushes it in a cycle with
 *       space in the output queue. In a cycle with {@code complete > 0} in which it holds none or
 *       pushes, it fetches the next beat of the oldest complete pixel and holds it from the next
 *       cycle on: beat b holds channels {@code b * clusters ... b * clusters + clusters - 1}; after
 *       a pixel's last beat {@code complete} and {@code inFlight} go down by one at the end of the
 *       cycle.
 * </ol>
 *
 * @param name Verilog name
 * @param layer name in the model
 * @param input beats of {@code input.type.elements} neighbouring channels
 * @param output beats of as many elements as {@code program} has clusters
 * @param buffer the circular memory and its writer
 * @param walk how the window moves
 * @param operation what the lanes do
 * @param program the static schedule of one pixel
 * @param accumulator type that holds every sum that can occur, proved by range analysis
 * @param requantizer accumulator to output element
 * @param block neighbouring pixels of the model that a pixel of the unit stands for: the channels
 *     of the requantizer repeat as often
 * @param reorderPixels pixels that fit into the reorder memory, a power of two, at least 2
 * @param packing how the lanes' products share multipliers
 * @param memory if ports and lanes get the words of their schedule from outside, where from
 */
public record WindowUnit(
    String name,
    String layer,
    Stream input,
    Stream output,
    WindowBuffer buffer,
    WindowWalk walk,
    Operation operation,
    Program program,
    IntegerType accumulator,
    Requantizer requantizer,
    int block,
    int reorderPixels,
    Packing packing,
    Optional<ExternalMemory> memory)
    implements Unit, WordReader {

  /** Cycles from the slot of a pixel's last drain until the serializer sees the pixel. */
  public static final int COMPLETION_DELAY =
      PipelineStages.DRAINED + PipelineStages.REQUANTIZER + 1;

  /** What a lane does with the elements that it reads. */
  public enum Operation {
    /** Multiplies by the weight and adds: one multiplier a lane. */
    MULTIPLY_ACCUMULATE,
    /**
     * Multiplies every element of the beat by a weight of its own of -1, 0 or 1, which {@link
     * PackedWeights} are the step's weight, and adds all: many products a lane and no multiplier. A
     * step's element is 0.
     */
    DOT,
    /** Adds; weights are 1. No multiplier. */
    SUM,
    /** Keeps the largest; weights are 1. No multiplier. */
    MAXIMUM
  }

  public WindowUnit {
    Identifiers.requireLegal(name);
    Objects.requireNonNull(layer);
    Objects.requireNonNull(input);
    Objects.requireNonNull(output);
    Objects.requireNonNull(buffer);
    Objects.requireNonNull(walk);
    Objects.requireNonNull(operation);
    Objects.requireNonNull(program);
    Objects.requireNonNull(accumulator);
    Objects.requireNonNull(requantizer);
    if (Integer.bitCount(reorderPixels) != 1 || reorderPixels < 2) {
      throw new IllegalArgumentException("reorderPixels must be a power of two of at least 2");
    }
    if (block < 1 || program.clusters().size() * program.outputsPerCluster() % block != 0) {
      throw new IllegalArgumentException("the outputs are not those of " + block + " pixels");
    }
    Objects.requireNonNull(packing);
    if (memory.isPresent() && program.loaded().isPresent()) {
      throw new IllegalArgumentException("words that the host loads are not outside");
    }
    if (output.type().elements() != program.clusters().size()) {
      throw new IllegalArgumentException("one output element a cluster");
    }
    if (walk.span() > buffer.depth()) {
      throw new IllegalArgumentException("the window does not fit the buffer");
    }
    if (output.beatsPerFrame() != walk.pixels() * program.outputsPerCluster()) {
      throw new IllegalArgumentException("output beats do not match the walk");
    }
  }

  /** The same with products that share multipliers in another way. */
  public WindowUnit withPacking(Packing other) {
    return new WindowUnit(
        name,
        layer,
        input,
        output,
        buffer,
        walk,
        operation,
        program,
        accumulator,
        requantizer,
        block,
        reorderPixels,
        other,
        memory);
  }

  /** The same with its words from a memory outside, or from read-only memories. */
  public WindowUnit withMemory(Optional<ExternalMemory> other) {
    return new WindowUnit(
        name,
        layer,
        input,
        output,
        buffer,
        walk,
        operation,
        program,
        accumulator,
        requantizer,
        block,
        reorderPixels,
        packing,
        other);
  }

  /** Whether the lanes multiply by weights. */
  public boolean hasWeights() {
    return operation == Operation.MULTIPLY_ACCUMULATE || operation == Operation.DOT;
  }

  /** Whether the lanes' products come from adders. */
  public boolean multipliesInLogic() {
    return operation == Operation.MULTIPLY_ACCUMULATE && packing.products() == 0;
  }

  /** Multipliers: {@code *} operators in the Verilog. */
  public int multipliers() {
    int products =
        operation == Operation.MULTIPLY_ACCUMULATE
            ? LaneSharing.multipliers(program, buffer.banks(), packing)
            : 0;
    return products + program.clusters().size() * requantizer.multipliersEach();
  }

  @Override
  public OutsideWords outsideWords() {
    WindowStream stream = WindowNetlist.of(this).stream().orElseThrow();
    List<BigInteger> beats = stream.beats();
    return new OutsideWords(
        beats,
        0,
        (long) walk.pixels() * stream.beatsOfRun(),
        stream.beatsOfWord(),
        beats.size(),
        OptionalInt.empty());
  }

  @Override
  public boolean loads() {
    return program.loaded().isPresent() || requantizer.loads();
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
    return visitor.window(this);
  }
}
