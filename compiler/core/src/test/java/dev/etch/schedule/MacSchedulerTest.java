// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.hardware.Program;
import dev.etch.hardware.Program.Cluster;
import dev.etch.hardware.Program.Drain;
import dev.etch.hardware.Program.Lane;
import dev.etch.hardware.Program.Step;
import dev.etch.lower.MacProblem;
import dev.etch.lower.MacProblem.Copies;
import dev.etch.lower.MacProblem.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MacSchedulerTest {
  @Property(tries = 500)
  void everyScheduleIsProvedByTheChecker(
      @ForAll @IntRange(min = 1, max = 4) int clusters,
      @ForAll @IntRange(min = 1, max = 12) int outputsPerCluster,
      @ForAll @IntRange(min = 1, max = 4) int group,
      @ForAll @IntRange(min = 1, max = 5) int ports,
      @ForAll @IntRange(min = 1, max = 40) int inputs,
      @ForAll @IntRange(min = 0, max = 10) int density,
      @ForAll long seed) {
    MacProblem problem =
        random(clusters * outputsPerCluster, inputs, density / 10.0, seed)
            .on(clusters, group * ports, group);
    Program program = new MacScheduler().program(problem);
    ProgramChecker.check(problem, program);
    assertTrue(program.steps() >= MacScheduler.bound(problem));
    assertTrue(program.lastDrain() < 2 * program.steps());
  }

  @Test
  void sparseLanesAreBalancedToTheLastStep() {
    for (int lanes : new int[] {1, 2, 4, 8, 16}) {
      MacProblem problem = random(50, 500, 0.1, 7).on(1, lanes, 1);
      Program program = new MacScheduler().program(problem);
      long terms = problem.outputs().stream().mapToLong(List::size).sum();
      assertEquals((terms + lanes - 1) / lanes, program.steps());
      assertEquals(terms, program.usefulSteps());
    }
  }

  @Test
  void zerosCostNoStep() {
    int dense = new MacScheduler().program(random(20, 100, 1, 3).on(2, 4, 1)).steps();
    int sparse = new MacScheduler().program(random(20, 100, 0.1, 3).on(2, 4, 1)).steps();
    assertTrue(sparse * 7 < dense, sparse + " steps against " + dense);
  }

  @Test
  void outputsWithoutTermsAreDrainedAsZero() {
    MacProblem problem =
        new MacProblem(
            List.of(List.of(), List.of()), 1, 2, 1, Copies.NONE, false, Optional.empty());
    Program program = new MacScheduler().program(problem);
    assertEquals(2, program.steps());
    assertTrue(program.clusters().get(0).drains().stream().allMatch(d -> d.lane() == -1));
  }

  /** Lane 0 ends a part in step 0, lane 1 in step 3. */
  @Test
  void pausesUntilDrainsOfTwoPixelsCannotMeet() {
    List<List<Term>> outputs = List.of(List.of(new Term(0, 0, 1)), List.of(new Term(1, 0, 1)));
    MacProblem problem = new MacProblem(outputs, 1, 2, 1, Copies.NONE, true, Optional.empty());
    Drain first = Drain.of(0, true, true, 0, false);
    Drain second = Drain.of(1, true, true, 1, true);
    Program early = drained(second, first, Drain.IDLE, Drain.IDLE);
    assertEquals(0, early.pause());
    ProgramChecker.check(problem, early);
    Program late = drained(Drain.IDLE, first, Drain.IDLE, second);
    assertEquals(1, late.firstDrain());
    assertEquals(3, late.pause());
    ProgramChecker.check(problem, late);
    Program overwritten = drained(first, Drain.IDLE, Drain.IDLE, second);
    assertThrows(CompilerBug.class, () -> ProgramChecker.check(problem, overwritten));
  }

  private static Program drained(Drain... drains) {
    Lane zero = new Lane(List.of(new Step(0, 0, 1, true), Step.IDLE, Step.IDLE, Step.IDLE));
    Lane one = new Lane(List.of(Step.IDLE, Step.IDLE, Step.IDLE, new Step(1, 0, 1, true)));
    return new Program(
        4, List.of(new Cluster(List.of(zero, one), List.of(drains))), 2, Optional.empty());
  }

  @Test
  void checkerRejectsAChangedWeight() {
    rejects(
        (problem, cluster) -> {
          List<Step> steps = new ArrayList<>(cluster.lanes().get(0).steps());
          Step old = steps.get(0);
          steps.set(0, new Step(old.address(), old.element(), old.weight() + 1, old.last()));
          return new Cluster(List.of(new Lane(steps), cluster.lanes().get(1)), cluster.drains());
        });
  }

  @Test
  void checkerRejectsALateDrain() {
    rejects(
        (problem, cluster) -> {
          List<Drain> drains = new ArrayList<>(cluster.drains());
          java.util.Collections.rotate(drains, drains.size() / 2);
          return new Cluster(cluster.lanes(), drains);
        });
  }

  @Test
  void checkerRejectsADrainOfTheWrongPixel() {
    rejects(
        (problem, cluster) ->
            new Cluster(
                cluster.lanes(),
                cluster.drains().stream()
                    .map(
                        d ->
                            d.idle()
                                ? d
                                : Drain.of(
                                    d.lane(), d.first(), d.last(), d.output(), !d.previousPixel()))
                    .toList()));
  }

  @Test
  void checkerRejectsAForgottenOutput() {
    rejects(
        (problem, cluster) ->
            new Cluster(
                cluster.lanes(),
                cluster.drains().stream().map(d -> d.output() == 1 ? Drain.IDLE : d).toList()));
  }

  private interface Sabotage {
    Cluster apply(MacProblem problem, Cluster cluster);
  }

  private static void rejects(Sabotage sabotage) {
    MacProblem problem = random(6, 30, 0.5, 11).on(1, 2, 1);
    Program good = new MacScheduler().program(problem);
    Cluster bad = sabotage.apply(problem, good.clusters().get(0));
    Program program =
        new Program(good.steps(), List.of(bad), good.outputsPerCluster(), Optional.empty());
    assertThrows(CompilerBug.class, () -> ProgramChecker.check(problem, program));
  }

  private record Outputs(List<List<Term>> terms) {
    MacProblem on(int clusters, int lanes, int group) {
      return new MacProblem(
          terms, clusters, lanes / group, group, Copies.NONE, false, Optional.empty());
    }
  }

  private static Outputs random(int outputs, int inputs, double density, long seed) {
    Random random = new Random(seed);
    List<List<Term>> all = new ArrayList<>();
    for (int o = 0; o < outputs; o++) {
      List<Term> terms = new ArrayList<>();
      for (int i = 0; i < inputs; i++) {
        if (random.nextDouble() < density) {
          terms.add(new Term(i / 2, i % 2, 1 + random.nextInt(100)));
        }
      }
      all.add(terms);
    }
    return new Outputs(all);
  }
}
