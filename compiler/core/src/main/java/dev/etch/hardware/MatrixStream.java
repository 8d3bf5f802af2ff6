// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The coded words of all lanes of a {@link MatrixProgram} in one memory, in the order in which the
 * decoders need them. A lane has room for {@link #AHEAD} chunks of its image. Whenever it has used
 * one up it asks for another, so the order depends on the images alone: it is that of the steps in
 * which chunks end, and within a step that of the lanes.
 *
 * <p>What a decoder does in a frame are events: it loads {@link #LOADS} words, decodes {@link
 * #DECODED_AHEAD} code words in front of the first step, and one in each step. Behind the last, the
 * rest of a chunk is dropped: each frame's image begins with a chunk.
 *
 * <p>The memory has the first chunks of all lanes, and then those that a frame asks for, which are
 * the same for every frame: behind the last word, reading goes on at {@link #period}.
 */
public final class MatrixStream {
  /** Chunks that a lane has room for. */
  public static final int AHEAD = 4;

  /** Words that a decoder loads in front of the first code word. */
  public static final int LOADS = 3;

  /** Code words that are decoded in front of the first step, and so behind the last. */
  public static final int DECODED_AHEAD = 2;

  /** Lanes at most: those that ask in a step are bits of a number. */
  public static final int MOST_LANES = Long.SIZE;

  /** Lanes for which a word of an image in each cycle is about enough. */
  private static final int LANES_OF_A_WORD = 2;

  private final int wordBits;
  private final int chunkWords;
  private final long[] asks;
  private final List<BigInteger> chunks;
  private final int period;

  private MatrixStream(MatrixCode code, MatrixProgram program, int chunkWords) {
    int lanes = program.lanes().size();
    this.wordBits = code.imageBits();
    this.chunkWords = chunkWords;
    this.asks = new long[LOADS + DECODED_AHEAD + program.steps()];
    List<List<BigInteger>> ofLanes = new ArrayList<>();
    for (int lane = 0; lane < lanes; lane++) {
      int words = play(code, lane, program.steps());
      ofLanes.add(chunks(code.image(lane), (words + chunkWords - 1) / chunkWords));
    }
    this.period = AHEAD * lanes;
    this.chunks = order(ofLanes);
  }

  /** The stream of a program, whose code says all of its words, in a memory that the host loads. */
  public static MatrixStream of(MatrixCode code, MatrixProgram program) {
    int lanes = program.lanes().size();
    int words = lanes <= LANES_OF_A_WORD ? 1 : LoadMap.WORD_BITS / code.imageBits();
    return new MatrixStream(code, program, words);
  }

  /** The same in a memory outside, whose beats are chunks. */
  public static MatrixStream of(MatrixCode code, MatrixProgram program, ExternalMemory memory) {
    return new MatrixStream(code, program, memory.dataBits() / code.imageBits());
  }

  /** Notes in which events a lane asks; the words that it has taken then. */
  private int play(MatrixCode code, int lane, int steps) {
    int words = 0;
    long bits = 0;
    for (int event = 0; event < asks.length; event++) {
      int step = event - LOADS;
      int before = words;
      if (step < 0) {
        words++;
      } else {
        bits += step < steps ? code.bits(lane, step) : code.bitsOfZeros();
        words = LOADS + (int) (bits / wordBits);
      }
      boolean ends = words > before && words % chunkWords == 0;
      boolean drops = event == asks.length - 1 && words % chunkWords != 0;
      if (ends || drops) {
        asks[event] |= 1L << lane;
      }
    }
    return words;
  }

  /** The first word of a chunk is highest. */
  private List<BigInteger> chunks(List<BigInteger> words, int count) {
    List<BigInteger> made = new ArrayList<>();
    for (int chunk = 0; chunk < count; chunk++) {
      BigInteger joined = BigInteger.ZERO;
      for (int i = chunk * chunkWords; i < (chunk + 1) * chunkWords; i++) {
        BigInteger word = i < words.size() ? words.get(i) : BigInteger.ZERO;
        joined = joined.shiftLeft(wordBits).or(word);
      }
      made.add(joined);
    }
    return made;
  }

  private List<BigInteger> order(List<List<BigInteger>> ofLanes) {
    List<BigInteger> ordered = new ArrayList<>();
    for (int chunk = 0; chunk < AHEAD; chunk++) {
      for (List<BigInteger> lane : ofLanes) {
        ordered.add(lane.get(chunk % lane.size()));
      }
    }
    int[] asked = new int[ofLanes.size()];
    for (long lanes : asks) {
      for (long rest = lanes; rest != 0; rest &= rest - 1) {
        int lane = Long.numberOfTrailingZeros(rest);
        List<BigInteger> own = ofLanes.get(lane);
        ordered.add(own.get((asked[lane]++ + AHEAD) % own.size()));
      }
    }
    return ordered;
  }

  /** Events of a frame. */
  public int events() {
    return asks.length;
  }

  /** The lanes that ask for a chunk in an event: bit i is lane i. */
  public long asks(int event) {
    return asks[event];
  }

  /** Bits of a chunk. */
  public int chunkBits() {
    return chunkWords * wordBits;
  }

  /** Words of the images that are a chunk. */
  public int chunkWords() {
    return chunkWords;
  }

  /** All chunks in the order in which they are read. */
  public List<BigInteger> chunks() {
    return chunks;
  }

  /** CRC-32 (IEEE 802.3) of all chunks, the lowest byte of each first. */
  public int crc() {
    CRC32 crc = new CRC32();
    byte[] bytes = new byte[(chunkBits() + Byte.SIZE - 1) / Byte.SIZE];
    for (BigInteger chunk : chunks) {
      BigInteger rest = chunk;
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = rest.byteValue();
        rest = rest.shiftRight(Byte.SIZE);
      }
      crc.update(bytes);
    }
    return (int) crc.getValue();
  }

  /** Where reading goes on behind the last chunk. */
  public int period() {
    return period;
  }
}
