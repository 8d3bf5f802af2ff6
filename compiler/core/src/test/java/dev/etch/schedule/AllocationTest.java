// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.area.Area;
import dev.etch.lower.Buffering;
import dev.etch.lower.LaneLayout;
import dev.etch.schedule.Allocation.Limits;
import dev.etch.schedule.LayerOptions.Option;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AllocationTest {
  private static final double NONE = Double.POSITIVE_INFINITY;

  private static Point point(int multipliers, int luts, int blocks) {
    Option option = new Option(LaneLayout.SINGLE, Buffering.LEAST, 1, multipliers, 1, 1);
    return new Point(
        Map.of("layer", Variant.plain(option)), new Area(luts, 0, multipliers, blocks));
  }

  private static List<List<Point>> layers(Random random) {
    List<List<Point>> layers = new ArrayList<>();
    for (int layer = 0; layer < 4; layer++) {
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        points.add(point(random.nextInt(8), random.nextInt(1000), random.nextInt(4)));
      }
      points.sort(Comparator.comparingDouble(p -> p.area().multipliers()));
      layers.add(points);
    }
    return layers;
  }

  /** Sums of every choice. */
  private static List<Area> all(List<List<Point>> layers) {
    List<Area> sums = List.of(Area.NONE);
    for (List<Point> points : layers) {
      sums = sums.stream().flatMap(s -> points.stream().map(p -> s.plus(p.area()))).toList();
    }
    return sums;
  }

  private static double cost(Area area) {
    return area.luts() + 100 * area.blocks();
  }

  @Test
  void multipliersAreDividedAsCheaplyAsCanBe() {
    int possible = 0;
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<List<Point>> layers = layers(random);
      Limits limits = new Limits(random.nextInt(20), NONE, NONE);
      Optional<List<Point>> found = Allocation.find(layers, limits);
      Optional<Area> best =
          all(layers).stream().filter(limits::hold).min(Comparator.comparingDouble(a -> cost(a)));
      assertEquals(best.isPresent(), found.isPresent(), "seed " + seed);
      if (best.isPresent()) {
        Area sum = Allocation.sum(found.get());
        assertTrue(limits.hold(sum));
        assertEquals(cost(best.get()), cost(sum), 1e-6, "seed " + seed);
        possible++;
      }
    }
    assertTrue(possible > 50 && possible < 200, possible + " were possible");
  }

  @Test
  void aScarceResourceHasItsPrice() {
    int found = 0;
    int possible = 0;
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<List<Point>> layers = layers(random);
      Limits limits = new Limits(14, 1200 + random.nextInt(800), 4 + random.nextInt(4));
      Optional<List<Point>> chosen = Allocation.find(layers, limits);
      chosen.ifPresent(points -> assertTrue(limits.hold(Allocation.sum(points))));
      found += chosen.isPresent() ? 1 : 0;
      possible += all(layers).stream().anyMatch(limits::hold) ? 1 : 0;
    }
    assertEquals(possible, found);
    assertTrue(possible > 50 && possible < 200, possible + " were possible");
  }

  @Test
  void nothingIsFoundWhereALayerHasNothing() {
    Limits limits = new Limits(14, NONE, NONE);
    assertEquals(
        Optional.empty(), Allocation.find(List.of(List.of(point(1, 1, 1)), List.of()), limits));
  }
}
