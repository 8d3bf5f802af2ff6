// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.MatrixProgram.Lane;
import dev.etch.hardware.MatrixProgram.Place;
import dev.etch.lower.FrameBeats;
import dev.etch.lower.MacProblem;
import dev.etch.lower.MacProblem.Copies;
import dev.etch.lower.MacProblem.Term;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatrixSchedulerTest {
  /** Every schedule goes through the checker; what is left to ask is how long it is. */
  @ParameterizedTest
  @CsvSource({
    "64, 500, 0.09, 4, 1",
    "512, 1024, 0.09, 16, 2",
    "2048, 1500, 0.06, 64, 8",
    "96, 800, 0.3, 4, 1"
  })
  void lanesAreBusy(int outputs, int elements, double density, int lanes, int clusters) {
    MacProblem problem = random(outputs, elements, density, clusters, lanes / clusters, 1);
    MatrixProgram program =
        MatrixScheduler.program(problem, FrameBeats.of(elements, 1, IntegerType.INT8));
    double busy = program.products() / ((double) program.steps() * lanes);
    assertTrue(busy >= 0.97, () -> "%.1f %% of the lanes' steps".formatted(100 * busy));
  }

  /** Columns of unlike weight: elements come when lanes need them, not evenly. */
  @Test
  void elementsAreFedWhenTheyAreNeeded() {
    List<List<Term>> outputs = new ArrayList<>();
    for (int o = 0; o < 64; o++) {
      List<Term> terms = new ArrayList<>();
      for (int element = 0; element < 400; element++) {
        if (element < 100 || (element + o) % 4 == 0) {
          terms.add(new Term(element, 0, 1));
        }
      }
      outputs.add(terms);
    }
    MacProblem problem = new MacProblem(outputs, 1, 8, 1, Copies.NONE, false, Optional.empty());
    MatrixProgram program =
        MatrixScheduler.program(problem, FrameBeats.of(400, 1, IntegerType.INT8));
    assertTrue(program.steps() <= 1.03 * program.products() / 8, "steps: " + program.steps());
    assertTrue(program.feeds().get(99) > program.steps() / 2, "the first elements take longest");
  }

  /** Lanes that need elements faster than one a step get them in beats. */
  @Test
  void beatsBringElementsAsFastAsLanesNeedThem() {
    MacProblem problem = random(600, 4096, 0.1, 1, 64, 1);
    MatrixProgram narrow =
        MatrixScheduler.program(problem, FrameBeats.of(4096, 1, IntegerType.INT8));
    MatrixProgram wide = MatrixScheduler.program(problem, FrameBeats.of(4096, 2, IntegerType.INT8));
    assertTrue(narrow.steps() >= 4096, "an element a step");
    double busy = wide.products() / (64.0 * wide.steps());
    assertTrue(busy >= 0.97, () -> "%.1f %% of the lanes' steps".formatted(100 * busy));
  }

  @Test
  void checkerRejectsElementsThatABeatDoesNotHave() {
    MacProblem problem = random(24, 200, 0.4, 1, 3, 5);
    MatrixProgram program =
        MatrixScheduler.program(problem, FrameBeats.of(200, 2, IntegerType.INT8));
    FrameBeats other = FrameBeats.of(100, 1, IntegerType.INT8);
    assertThrows(CompilerBug.class, () -> MatrixChecker.check(problem, other, program));
  }

  @Test
  void everythingThatRandomMatricesHaveIsScheduled() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int clusters = 1 + random.nextInt(3);
      int outputs = clusters * (1 + random.nextInt(12));
      int each = 1 << random.nextInt(4);
      int elements = each * (1 + random.nextInt(150 / each));
      double density = random.nextInt(4) == 0 ? 0 : random.nextDouble();
      int lanes = 1 + random.nextInt(5);
      MacProblem problem = random(outputs, elements, density, clusters, lanes, seed);
      MatrixProgram program =
          MatrixScheduler.program(problem, FrameBeats.of(elements, each, IntegerType.INT8));
      assertEquals(elements, each * program.beats());
      assertEquals(problem.outputs().stream().mapToLong(List::size).sum(), program.products());
    }
  }

  @Test
  void checkerRejectsAForgottenWeight() {
    rejects(program -> withFirstLane(program, lane -> without(lane, lane.distances())));
  }

  @Test
  void checkerRejectsAnElementTooLate() {
    rejects(
        program -> {
          List<Integer> feeds = new ArrayList<>(program.feeds());
          feeds.set(feeds.size() - 1, program.steps() - 1);
          return withFeeds(program, feeds);
        });
  }

  @Test
  void checkerRejectsAnElementThatIsStillRead() {
    rejects(
        program -> {
          List<Integer> feeds = new ArrayList<>();
          for (int element = 0; element < program.beats(); element++) {
            feeds.add(element);
          }
          return withFeeds(program, feeds);
        });
  }

  @Test
  void checkerRejectsADistanceThatIsOff() {
    rejects(
        program ->
            withFirstLane(
                program,
                lane -> {
                  List<Integer> distances = new ArrayList<>(lane.distances());
                  distances.set(1, distances.get(1) ^ 1);
                  return new Lane(distances, lane.weights());
                }));
  }

  @Test
  void checkerRejectsOutputsThatAreMistaken() {
    rejects(
        program -> {
          List<Place> places = new ArrayList<>(program.outputs().get(0));
          Collections.swap(places, 0, 1);
          return new MatrixProgram(
              program.steps(),
              program.feeds(),
              program.window(),
              program.rows(),
              program.distanceBits(),
              program.lanes(),
              List.of(places),
              program.room(),
              program.rotation());
        });
  }

  private static void rejects(UnaryOperator<MatrixProgram> sabotage) {
    MacProblem problem = random(24, 1600, 0.4, 1, 3, 5);
    for (int each : new int[] {1, 2, 8}) {
      FrameBeats frame = FrameBeats.of(1600, each, IntegerType.INT8);
      MatrixProgram good = MatrixScheduler.program(problem, frame);
      MatrixProgram bad = sabotage.apply(good);
      assertThrows(CompilerBug.class, () -> MatrixChecker.check(problem, frame, bad));
    }
  }

  private static Lane without(Lane lane, List<Integer> distances) {
    List<Integer> weights = new ArrayList<>(lane.weights());
    int last = weights.size() - 1;
    while (weights.get(last) == 0) {
      last--;
    }
    weights.set(last, 0);
    return new Lane(distances, weights);
  }

  private static MatrixProgram withFirstLane(MatrixProgram program, UnaryOperator<Lane> change) {
    List<Lane> lanes = new ArrayList<>(program.lanes());
    lanes.set(0, change.apply(lanes.get(0)));
    return new MatrixProgram(
        program.steps(),
        program.feeds(),
        program.window(),
        program.rows(),
        program.distanceBits(),
        lanes,
        program.outputs(),
        program.room(),
        program.rotation());
  }

  private static MatrixProgram withFeeds(MatrixProgram program, List<Integer> feeds) {
    return new MatrixProgram(
        program.steps(),
        feeds,
        program.window(),
        program.rows(),
        program.distanceBits(),
        program.lanes(),
        program.outputs(),
        program.room(),
        program.rotation());
  }

  private static MacProblem random(
      int outputs, int elements, double density, int clusters, int lanes, long seed) {
    Random random = new Random(seed);
    List<List<Term>> all = new ArrayList<>();
    for (int o = 0; o < outputs; o++) {
      List<Term> terms = new ArrayList<>();
      for (int element = 0; element < elements; element++) {
        if (random.nextDouble() < density) {
          int weight = random.nextInt(255) - 127;
          terms.add(new Term(element, 0, weight == 0 ? 1 : weight));
        }
      }
      all.add(terms);
    }
    return new MacProblem(all, clusters, lanes, 1, Copies.NONE, false, Optional.empty());
  }
}
