// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A matrix of nonzero weights times each frame, as exact sums: a dense layer without its
 * requantization. Each beat of the frame, one element or several, goes to all lanes, which keep the
 * last few, so no lane has a copy of the frame; each lane keeps the sums of several outputs. Zero
 * weights cost no step.
 *
 * <p>Parts and their state machines (registers unless said otherwise, t is a cycle):
 *
 * <ol>
 *   <li><b>Sequencer.</b> States RUN(step), SETTLE(i), READ(output), LEAVE; it begins with RUN(0).
 *       RUN(i) feeds a beat if {@link MatrixProgram#feeds} has i. If it does, and the input queue
 *       is empty, it stays; else it pops the beat if it feeds, and RUN(i + 1) is next, behind
 *       RUN(steps - 1) SETTLE(0). SETTLE(i), i &lt; SETTLING - 1: SETTLE(i + 1) is next;
 *       SETTLE(SETTLING - 1): READ(0).
 *   <li><b>Lanes.</b> In RUN(i), each lane moves on by its distance of step i, and adds the product
 *       of its weight and the element at its position to the sum of its row; all elements of a beat
 *       are there from the step on that feeds it. The first product of a frame that a row gets
 *       replaces the sum. If the program has a {@linkplain MatrixProgram#rotation rotation}, each
 *       step adds, else only those whose weight is not 0. A sum that is on its way back to its
 *       memory is taken from there, so a row can get products in steps one after the other.
 *   <li><b>Decoders</b>, if the lanes' words are coded. They work ahead of the sequencer, so that a
 *       lane gets its word as if it were not coded. From RUN(steps - 1) on they begin anew, and
 *       from a reset on; the accelerator takes no beat for {@link MatrixNetlist#FILLING} cycles
 *       after one.
 *   <li><b>Packed words</b> ({@link WordSource#PACKED}, {@link MatrixStream}). Each lane has room
 *       for {@link MatrixStream#AHEAD} chunks, and has as many when a frame may begin for the first
 *       time. Nothing is decoded, and RUN(i) stays, in a cycle in which some lane has none. A lane
 *       that has used up a chunk in t has one less in t + 1. All that did so in t are a group: it
 *       is served from t + 2 on, one lane a cycle, the lowest first, but not before the groups in
 *       front of it. A lane that is served in t has one more chunk in t + 3. From RUN(steps - 1)
 *       on, decoders begin anew, with an event a cycle in which all lanes have a chunk, and RUN(0)
 *       stays until they are filled. If the program has {@linkplain MatrixProgram#room room} for
 *       other weights, all of this is the same, with the stream and the steps of those that are
 *       loaded; before a frame may begin for the first time, the unit has brought the {@linkplain
 *       MatrixNetlist#numbers numbers} of the code into registers.
 *   <li><b>Words from outside</b> ({@link WordSource#EXTERNAL}): packed words, but a lane is served
 *       only in a cycle in which the unit's queue of the {@link MemoryMap} has a beat, which is its
 *       chunk. If the program has room for other weights, the first beat is no chunk but the CRC of
 *       all, and no frame begins unless it is the one that the host loaded with the code.
 *   <li><b>Reader.</b> A pipeline of {@link #STAGES} registers that moves as {@link MapUnit} says.
 *       In READ(o) the first stage takes beat o, if it is empty or moves on: output {@code o *
 *       clusters + c} of each cluster c; then READ(o + 1) is next, behind the last beat LEAVE. In
 *       LEAVE, RUN(0) is next if the stages in front of the last are empty, but for one that moves
 *       on into it: by then all sums have been read.
 * </ol>
 *
 * <p>A unit that is {@code ahead} has two memories of sums a lane, which take turns. Its states are
 * those of two machines: RUN(step) and SETTLE(i), and beside them READ(output), LEAVE and IDLE,
 * which is next behind LEAVE. SETTLE(SETTLING - 1) stays while the other is not IDLE; else READ(0)
 * is next beside RUN(0).
 *
 * @param name Verilog name
 * @param layer name in the model
 * @param input beats of a power of two of elements, one if they come one by one
 * @param output beats of an exact sum a cluster
 * @param program the static schedule
 * @param words where the lanes get them from
 * @param memory if they come from outside, which
 * @param ahead whether a frame is worked on while the sums of the one before it leave
 */
public record MatrixUnit(
    String name,
    String layer,
    Stream input,
    Stream output,
    MatrixProgram program,
    WordSource words,
    Optional<ExternalMemory> memory,
    boolean ahead)
    implements Unit, WordReader {
  /** Cycles from the last step until its sums can be read. */
  public static final int SETTLING = MatrixNetlist.TOTAL - 2;

  /** Registers from the counter of the outputs to the output queue. */
  public static final int STAGES = 5;

  public MatrixUnit {
    Identifiers.requireLegal(name);
    Objects.requireNonNull(layer);
    Objects.requireNonNull(program);
    if (memory.isPresent() != (words == WordSource.EXTERNAL)) {
      throw new IllegalArgumentException("words from outside, and nothing else, have a memory");
    }
    if (words == WordSource.ROTATED && program.rotation().isEmpty()) {
      throw new IllegalArgumentException("weights that are not those of circulant blocks");
    }
    if (words == WordSource.LOADED) {
      throw new IllegalArgumentException("nobody loads the words of a matrix one by one");
    }
    if (program.room().isPresent() && !words.isStreamed()) {
      throw new IllegalArgumentException("other words than those of a stream are constants");
    }
    if (words.isStreamed() && program.lanes().size() > MatrixStream.MOST_LANES) {
      throw new IllegalArgumentException("more lanes than ask for chunks");
    }
    if (Integer.bitCount(input.type().elements()) != 1
        || input.beatsPerFrame() != program.beats()) {
      throw new IllegalArgumentException("a power of two of elements a beat, and its beats");
    }
    if (output.type().elements() != program.outputs().size()
        || output.beatsPerFrame() != program.outputsPerCluster()) {
      throw new IllegalArgumentException("a beat of an output a cluster");
    }
  }

  /** A unit that reads nothing from outside and works on one frame at a time. */
  public MatrixUnit(
      String name,
      String layer,
      Stream input,
      Stream output,
      MatrixProgram program,
      WordSource words) {
    this(name, layer, input, output, program, words, Optional.empty(), false);
  }

  /** The same with its words in read-only memories, as they are, and no room for others. */
  public MatrixUnit withPlainWords() {
    return withConstantWords(WordSource.ROM);
  }

  /** The same with its words in read-only memories, and no room for others. */
  public MatrixUnit withConstantWords(WordSource source) {
    return new MatrixUnit(
        name, layer, input, output, program.withoutRoom(), source, Optional.empty(), ahead);
  }

  /** Elements of a beat of the input. */
  public int beatElements() {
    return input.type().elements();
  }

  /** Elements of a frame. */
  public int elements() {
    return program.beats() * beatElements();
  }

  /** Elements that lanes can reach. */
  public int windowElements() {
    return program.window() * beatElements();
  }

  /** Cycles from a frame to the next, if nothing stalls. */
  public int cyclesPerFrame() {
    return cyclesPerFrame(program.steps(), program.outputsPerCluster(), ahead);
  }

  /** The same for a schedule of so many steps. */
  public static int cyclesPerFrame(int steps, int outputsPerCluster, boolean ahead) {
    int adding = steps + SETTLING;
    int leaving = outputsPerCluster + STAGES;
    return ahead ? Math.max(adding, leaving) : adding + leaving - 1;
  }

  /** The most steps of a schedule that takes so many cycles a frame. */
  public static int steps(int cyclesPerFrame, int outputsPerCluster, boolean ahead) {
    int leaving = outputsPerCluster + STAGES;
    return Math.max(1, cyclesPerFrame - SETTLING - (ahead ? 0 : leaving - 1));
  }

  @Override
  public OutsideWords outsideWords() {
    if (memory.isEmpty()) {
      throw new IllegalStateException(name + " reads nothing from outside");
    }
    MatrixStream stream = MatrixNetlist.of(this).stream().orElseThrow();
    int chunks = stream.chunks().size();
    return new OutsideWords(
        stream.chunks(),
        stream.period(),
        chunks - stream.period(),
        ahead(stream),
        program.room().map(MatrixRoom::chunks).orElse(chunks),
        program.room().isPresent() ? OptionalInt.of(stream.crc()) : OptionalInt.empty());
  }

  /** Decoders are filled, and lanes have as much as they have room for. */
  private int ahead(MatrixStream stream) {
    int taken = MatrixStream.AHEAD * program.lanes().size();
    for (int event = 0; event < MatrixNetlist.FILLING; event++) {
      taken += Long.bitCount(stream.asks(event));
    }
    return taken;
  }

  @Override
  public boolean loads() {
    return words == WordSource.PACKED || program.room().isPresent();
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
    return visitor.matrix(this);
  }
}
