// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.CodeForm;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.LoadMap;
import dev.etch.hardware.MatrixCode;
import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.MatrixRoom;
import dev.etch.hardware.MatrixStream;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.lower.CodedRoom;
import dev.etch.lower.FrameBeats;
import dev.etch.lower.LoadableWeights;
import dev.etch.lower.MacProblem;
import dev.etch.lower.ScheduleRoom;
import java.util.Optional;

/**
 * The schedule of a matrix whose coded words the host loads: within the room that a design has for
 * them, or with room of its own.
 *
 * @param program with its room; without, if this is exceeded
 * @param excess what leaves the room, if something does
 */
record LoadedMatrix(MatrixProgram program, Optional<Excess> excess) {

  /**
   * A limit that weights exceed.
   *
   * @param what is counted
   * @param needed with these weights
   * @param limit of the design
   */
  record Excess(String what, int needed, int limit) {}

  /** The schedule of a problem whose words are coded and loaded. */
  static LoadedMatrix of(MacProblem problem, FrameBeats frame) {
    LoadableWeights weights = problem.loaded().orElseThrow();
    CodedRoom room = problem.coded().orElseThrow();
    return room.exact()
        .map(exact -> within(exact, room.outside(), problem, frame))
        .orElseGet(() -> withHeadroom(weights.signedBits(), room, problem, frame));
  }

  private static LoadedMatrix withHeadroom(
      int weightBits, CodedRoom room, MacProblem problem, FrameBeats frame) {
    MatrixProgram open = MatrixScheduler.open(problem, frame);
    long steps = new ScheduleRoom(room.ofSteps(), Optional.empty()).steps(open.steps());
    MatrixProgram program = open.inSteps(Math.max(MatrixRoom.LEAST_STEPS, (int) steps));
    MatrixCode code = MatrixCode.whole(program, weightBits);
    int mostSymbols = 1 << code.form().mostBits();
    int symbols = Math.min(mostSymbols, powerOfTwo(more(code.code().size(), room.headroom())));
    // A decoder compares with a limit for each length: no more than these weights have need of.
    int mostBits = Math.max(code.code().longest(), Bits.choosing(symbols));
    CodeForm form = code.form().withMostBits(mostBits);
    MatrixProgram full = program.withRoom(new MatrixRoom(program.steps(), form, symbols, 1));
    int chunks = more(chunks(full, room.outside()), room.ofSteps());
    return new LoadedMatrix(
        full.withRoom(new MatrixRoom(program.steps(), form, symbols, chunks)), Optional.empty());
  }

  /** So much more, but not more than there are addresses, unless there are so many already. */
  private static int more(int number, double share) {
    long most = 1L << LoadMap.MOST_ADDRESS_BITS;
    return (int) Math.max(number, Math.min(most, Math.ceil(number * (1 + share))));
  }

  private static int chunks(MatrixProgram program, Optional<ExternalMemory> outside) {
    MatrixCode code = MatrixCode.whole(program);
    return outside
        .map(memory -> MatrixStream.of(code, program, memory))
        .orElseGet(() -> MatrixStream.of(code, program))
        .chunks()
        .size();
  }

  private static int powerOfTwo(int number) {
    return 1 << Math.max(1, Bits.choosing(number));
  }

  private static LoadedMatrix within(
      MatrixRoom room, Optional<ExternalMemory> outside, MacProblem problem, FrameBeats frame) {
    CodeForm form = room.form();
    MatrixProgram needed = MatrixScheduler.ofDistances(problem, frame, form.distanceBits());
    int bits = weightBits(needed);
    if (bits > form.weightBits()) {
      return exceeds(needed, "bits a weight", bits, form.weightBits());
    }
    if (needed.steps() > room.steps()) {
      return exceeds(needed, "steps a frame", needed.steps(), room.steps());
    }
    MatrixProgram program = needed.inSteps(room.steps());
    int symbols = MatrixCode.symbols(form, program);
    if (symbols > room.symbols()) {
      return exceeds(needed, "symbols in its code", symbols, room.symbols());
    }
    MatrixProgram loaded = program.withRoom(room);
    int chunks = chunks(loaded, outside);
    String what = outside.isPresent() ? "beats in its stream" : "words in its stream";
    return chunks > room.chunks()
        ? exceeds(needed, what, chunks, room.chunks())
        : new LoadedMatrix(loaded, Optional.empty());
  }

  private static LoadedMatrix exceeds(MatrixProgram needed, String what, int number, int limit) {
    return new LoadedMatrix(needed, Optional.of(new Excess(what, number, limit)));
  }

  private static int weightBits(MatrixProgram program) {
    return Bits.signed(
        program.lanes().stream()
            .flatMap(lane -> lane.weights().stream())
            .mapToLong(Integer::longValue)
            .toArray());
  }
}
