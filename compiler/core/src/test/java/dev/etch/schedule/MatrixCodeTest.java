// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.hardware.MatrixCode;
import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.coding.PrefixCode;
import dev.etch.lower.FrameBeats;
import dev.etch.lower.MacProblem;
import dev.etch.lower.MacProblem.Copies;
import dev.etch.lower.MacProblem.Term;
import dev.etch.tensor.IntegerType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MatrixCodeTest {
  private static final int[] CODEBOOK = {-90, -41, -17, 5, 22, 38, 64, 101};

  @Test
  void everyLaneIsWhatItsImageSays() {
    Random random = new Random(5);
    for (int round = 0; round < 30; round++) {
      int outputs = 1 + random.nextInt(40);
      int lanes = 1 + random.nextInt(Math.min(4, outputs));
      int values = 1 + random.nextInt(128);
      MatrixProgram program =
          program(random, outputs, 1 + random.nextInt(200), random.nextDouble(), lanes, values);
      MatrixCode code = MatrixCode.of(program);
      for (int lane = 0; lane < program.lanes().size(); lane++) {
        check(program.lanes().get(lane), new Image(code, lane), code);
      }
    }
  }

  /** With few values, all of a weight is coded, and the table of symbols is the codebook. */
  @Test
  void aCodebookIsFound() {
    Random random = new Random(6);
    MatrixProgram clustered = program(random, 500, 800, 0.06, 4, CODEBOOK.length);
    MatrixCode code = MatrixCode.of(clustered);
    assertEquals(0, code.weightLow());
    long bits = bits(code, clustered);
    assertEquals(bits, code.bits());
    double entropy = entropyOfPlaces(0.06) + Math.log(CODEBOOK.length) / Math.log(2);
    double each = bits / (double) clustered.products();
    assertTrue(each < entropy + 0.8, each + " bits a product, at least " + entropy);
  }

  /** Weights of which each value is as likely are not coded: bits that nothing is known of. */
  @Test
  void randomBitsStayAsTheyAre() {
    MatrixProgram program = program(new Random(7), 96, 800, 0.06, 4, 128);
    MatrixCode code = MatrixCode.of(program);
    assertTrue(code.weightLow() >= 4, "coded bits: " + code.weightHigh());
    assertTrue(code.code().size() <= 512);
  }

  private static double entropyOfPlaces(double density) {
    double rest = 1 - density;
    return -(density * Math.log(density) + rest * Math.log(rest)) / Math.log(2) / density;
  }

  private static long bits(MatrixCode code, MatrixProgram program) {
    long bits = 0;
    for (int lane = 0; lane < program.lanes().size(); lane++) {
      bits += (long) code.image(lane).size() * code.imageBits();
      bits += (long) code.table().entries().size() * code.table().width();
      bits += (long) program.steps() * (code.distanceLow() + code.weightLow());
    }
    return bits;
  }

  /** Reads an image bit by bit. */
  private static final class Image {
    private final PrefixCode code;
    private final List<BigInteger> words;
    private final List<BigInteger> symbols;
    private final int wordBits;
    private int at;

    Image(MatrixCode code, int lane) {
      this.code = code.code();
      this.wordBits = code.imageBits();
      this.words = code.image(lane);
      this.symbols = code.table().entries();
    }

    private int bit() {
      int shift = wordBits - 1 - at % wordBits;
      return words.get(at++ / wordBits).testBit(shift) ? 1 : 0;
    }

    /** Compares with every word of the code: slow, and nothing like the hardware. */
    int symbol() {
      int word = 0;
      for (int length = 1; ; length++) {
        word = 2 * word + bit();
        for (int rank = 0; rank < code.size(); rank++) {
          if (code.length(rank) == length && code.words()[rank] == word) {
            return symbols.get(rank).intValueExact();
          }
        }
      }
    }
  }

  private static void check(MatrixProgram.Lane lane, Image image, MatrixCode code) {
    for (int step = 0; step < lane.weights().size(); step++) {
      int symbol = image.symbol();
      int distance = symbol & (1 << code.distanceHigh()) - 1;
      int weight =
          symbol
              >> code.distanceHigh()
              << Integer.SIZE - code.weightHigh()
              >> Integer.SIZE - code.weightHigh();
      assertEquals(lane.distances().get(step) >> code.distanceLow(), distance, "step " + step);
      assertEquals(lane.weights().get(step) >> code.weightLow(), weight, "step " + step);
    }
  }

  static MatrixProgram program(
      Random random, int outputs, int elements, double density, int lanes, int values) {
    List<List<Term>> terms = new ArrayList<>();
    for (int o = 0; o < outputs; o++) {
      List<Term> ofOutput = new ArrayList<>();
      for (int element = 0; element < elements; element++) {
        if (random.nextDouble() < density) {
          ofOutput.add(new Term(element, 0, weight(random, values)));
        }
      }
      terms.add(ofOutput);
    }
    return MatrixScheduler.program(
        new MacProblem(terms, 1, lanes, 1, Copies.NONE, false, Optional.empty()),
        FrameBeats.of(elements, 1, IntegerType.INT8));
  }

  private static int weight(Random random, int values) {
    return values <= CODEBOOK.length
        ? CODEBOOK[random.nextInt(values)]
        : (1 + random.nextInt(values)) * (random.nextBoolean() ? 1 : -1);
  }
}
