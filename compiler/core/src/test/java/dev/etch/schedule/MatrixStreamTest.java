// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.hardware.MatrixCode;
import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.MatrixProgram.Lane;
import dev.etch.hardware.MatrixStream;
import dev.etch.hardware.coding.PrefixCode;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MatrixStreamTest {
  private static final int FRAMES = 3;

  /** Decoders that ask for what they have used up get the words of their lanes, frame by frame. */
  @Test
  void decodersGetTheWordsOfTheirLanes() {
    Set<Integer> wordBits = new HashSet<>();
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      int outputs = 1 + random.nextInt(40);
      int lanes = 1 + random.nextInt(Math.min(5, outputs));
      int values = seed % 8 == 0 ? 32_000 : 1 + random.nextInt(128);
      MatrixProgram program =
          MatrixCodeTest.program(
              random, outputs, 1 + random.nextInt(150), random.nextDouble(), lanes, values);
      MatrixCode code = MatrixCode.whole(program);
      wordBits.add(code.imageBits());
      new Play(program, code).run();
    }
    assertEquals(Set.of(16, 32), wordBits, "images of narrow and of wide words");
  }

  /** The memory and its readers, without any time but the order of events. */
  private static final class Play {
    private final MatrixProgram program;
    private final MatrixCode code;
    private final MatrixStream stream;
    private final List<Decoder> decoders = new ArrayList<>();
    private int next;

    Play(MatrixProgram program, MatrixCode code) {
      this.program = program;
      this.code = code;
      this.stream = MatrixStream.of(code, program);
      for (Lane lane : program.lanes()) {
        decoders.add(new Decoder(lane, code, stream.chunkWords()));
      }
    }

    void run() {
      for (int chunk = 0; chunk < MatrixStream.AHEAD; chunk++) {
        decoders.forEach(decoder -> decoder.chunks.add(read()));
      }
      assertEquals(stream.period(), next);
      for (int frame = 0; frame < FRAMES; frame++) {
        for (int event = 0; event < stream.events(); event++) {
          long asks = 0;
          for (int lane = 0; lane < decoders.size(); lane++) {
            asks |= decoders.get(lane).asksAt(event, program.steps()) ? 1L << lane : 0;
          }
          assertEquals(asks, stream.asks(event), "event " + event);
          decoders.stream().filter(decoder -> decoder.asks).forEach(d -> d.chunks.add(read()));
        }
        assertEquals(stream.chunks().size(), next, "a frame reads all of the memory");
        next = stream.period();
      }
      assertTrue(code.behind() + code.code().longest() <= code.imageBits());
    }

    private BigInteger read() {
      return stream.chunks().get(next++);
    }
  }

  /** Takes words as the hardware does, and decodes with every word of the code. */
  private static final class Decoder {
    private final Lane lane;
    private final MatrixCode code;
    private final int chunkWords;
    private final Queue<BigInteger> chunks = new ArrayDeque<>();
    private final StringBuilder bits = new StringBuilder();
    private int wordsOfChunk;
    private int place;
    private boolean asks;

    Decoder(Lane lane, MatrixCode code, int chunkWords) {
      this.lane = lane;
      this.code = code;
      this.chunkWords = chunkWords;
    }

    /** What happens in an event. */
    boolean asksAt(int event, int steps) {
      asks = false;
      int step = event - MatrixStream.LOADS;
      if (step < 0) {
        take();
      } else {
        decode(step, steps);
      }
      if (event == MatrixStream.LOADS + MatrixStream.DECODED_AHEAD + steps - 1) {
        drop();
      }
      return asks;
    }

    private void take() {
      int shift = (chunkWords - 1 - wordsOfChunk) * code.imageBits();
      BigInteger word = chunks.element().shiftRight(shift);
      for (int bit = code.imageBits() - 1; bit >= 0; bit--) {
        bits.append(word.testBit(bit) ? '1' : '0');
      }
      if (++wordsOfChunk == chunkWords) {
        useUp();
      }
    }

    private void useUp() {
      chunks.remove();
      wordsOfChunk = 0;
      asks = true;
    }

    private void drop() {
      if (wordsOfChunk > 0) {
        useUp();
      }
      bits.setLength(0);
      place = 0;
    }

    private void decode(int step, int steps) {
      int before = place;
      int rank = rank();
      int low = Integer.parseInt("0" + bits.substring(place, place + code.behind()), 2);
      place += code.behind();
      if (step < steps) {
        check(step, code.table().entries().get(rank).intValueExact(), low);
      }
      if (place / code.imageBits() > before / code.imageBits()) {
        take();
      }
    }

    private int rank() {
      PrefixCode words = code.code();
      for (int length = 1; ; length++) {
        int word = Integer.parseInt(bits.substring(place, place + length), 2);
        for (int rank = 0; rank < words.size(); rank++) {
          if (words.length(rank) == length && words.words()[rank] == word) {
            place += length;
            return rank;
          }
        }
      }
    }

    private void check(int step, int symbol, int low) {
      int high = symbol & (1 << code.distanceHigh()) - 1;
      int distance = high << code.distanceLow() | low >> code.weightLow();
      int unused = Integer.SIZE - code.weightHigh();
      int weight = symbol >> code.distanceHigh() << unused >> unused;
      assertEquals(lane.distances().get(step), distance, "step " + step);
      assertEquals(
          lane.weights().get(step),
          weight << code.weightLow() | low & (1 << code.weightLow()) - 1,
          "step " + step);
    }
  }
}
