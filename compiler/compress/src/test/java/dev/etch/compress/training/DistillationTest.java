// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.network.Architecture;
import dev.etch.compress.network.Network;
import dev.etch.compress.network.Parameters;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Targets of a student. */
class DistillationTest {
  /** Gives what it is told. */
  private static class Told implements Differentiator {
    private final float[] told;

    Told(float... told) {
      this.told = told;
    }

    @Override
    public Gradients gradients(
        Network network,
        Parameters parameters,
        Parameters statistics,
        Batch batch,
        List<Target> targets,
        List<Hint> hints) {
      throw new UnsupportedOperationException();
    }

    @Override
    public float[] scores(Network network, Parameters parameters, Batch batch) {
      return told;
    }

    @Override
    public void close() {}
  }

  @Test
  void theTeacherIsSoftenedAndTheLabelsHaveTheRest() {
    Network teacher = Architecture.LENET_300_100.build(Shape.of(1, 2, 2), 2, 1);
    float scores = (float) (4 * Math.log(3));
    Distillation distillation =
        new Distillation(
            new Teacher(teacher, 4, 0.75f),
            new Told(0, scores, 1000, 1000),
            new Labels(new int[] {9, 1, 0}, 2));
    List<Differentiator.Target> targets =
        distillation.targets(new int[] {1, 2}, new Differentiator.Batch(2, new float[8]));
    assertEquals(2, targets.size());
    assertArrayEquals(new float[] {0, 1, 1, 0}, targets.get(0).probabilities());
    assertEquals(0.25f, targets.get(0).weight());
    assertArrayEquals(
        new float[] {0.25f, 0.75f, 0.5f, 0.5f}, targets.get(1).probabilities(), 1e-6f);
    assertEquals(4, targets.get(1).temperature());
    assertEquals(0.75f, targets.get(1).weight());
  }

  @Test
  void hintsAreWhatTheTeacherHasInside() {
    Network network = Architecture.LENET_300_100.build(Shape.of(1, 2, 2), 2, 1);
    Network[] asked = new Network[1];
    Differentiator cut =
        new Told(1, 2, 3) {
          @Override
          public float[] scores(Network of, Parameters parameters, Batch batch) {
            asked[0] = of;
            return super.scores(of, parameters, batch);
          }
        };
    Teacher teacher = new Teacher(network, 4, 0.75f, Map.of("ip1", 0.5f));
    Differentiator.Hint hint =
        new Distillation(teacher, cut, new Labels(new int[] {0}, 2))
            .hints(new Differentiator.Batch(1, new float[4]))
            .get(0);
    assertEquals("ip1", hint.value());
    assertEquals(0.5f, hint.weight());
    assertArrayEquals(new float[] {1, 2, 3}, hint.wanted());
    assertEquals("ip1", asked[0].scores().name());
    teacher.check(network);
  }

  @Test
  void hintsOfOtherShapesAreRefused() {
    Network network = Architecture.LENET_300_100.build(Shape.of(1, 2, 2), 2, 1);
    Network other = Architecture.LENET_300_100.build(Shape.of(1, 2, 2), 3, 1);
    Teacher teacher = new Teacher(network, 4, 0.75f, Map.of("ip3", 1f));
    DiagnosticException e = assertThrows(DiagnosticException.class, () -> teacher.check(other));
    assertTrue(e.getMessage().contains("'ip3' is [1, 3], but"), e.getMessage());
    Teacher unknown = new Teacher(network, 4, 0.75f, Map.of("ip4", 1f));
    assertThrows(DiagnosticException.class, () -> unknown.check(other));
  }
}
