// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.area.Area;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Value;
import dev.etch.hardware.Target;
import dev.etch.lower.Buffering;
import dev.etch.lower.Models;
import dev.etch.lower.Plan;
import dev.etch.lower.ThresholdArithmetic;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.Layout;
import dev.etch.op.Window;
import dev.etch.schedule.Allocation.Limits;
import dev.etch.schedule.LayerOptions.Option;
import dev.etch.tensor.IntegerType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DesignSearchTest {
  private static final int MULTIPLIERS = 7;
  private static final Forms FORMS = new Forms(0, true, true, false);

  /** Four sparse convolutions of unequal work. */
  private static SearchSpace space() {
    Models models = new Models(1);
    Value y = models.input(IntegerType.INT8, 1, 2, 12, 12);
    int[] channels = {2, 6, 4, 8, 2};
    for (int layer = 0; layer < 4; layer++) {
      Value w = models.weights("w" + layer, 0.4, channels[layer + 1], channels[layer], 3, 3);
      IntegerConv2d conv = new IntegerConv2d(Window.of(3, 3), Layout.NCHW, 1, 0);
      y = models.add("c" + layer, conv, y, w, models.biases("b" + layer, channels[layer + 1]));
      y = models.requantize("q" + layer, y, 1);
    }
    Plan plan =
        Scheduler.plan(models.model(y), ThresholdArithmetic::analyze, new DiagnosticCollector());
    return SearchSpace.of(plan, Mapping.of(Target.XC7, Optional.empty()), MULTIPLIERS);
  }

  private static DesignSearch search(SearchSpace space, Sharing sharing) {
    double any = Double.POSITIVE_INFINITY;
    return new DesignSearch(space, new Limits(MULTIPLIERS, any, any), sharing, FORMS);
  }

  @ParameterizedTest
  @EnumSource(Sharing.class)
  void designsKeepTheirLimitsHoweverLayersShare(Sharing sharing) {
    ScheduledDesign design = search(space(), sharing).run().orElseThrow().finish();
    assertTrue(design.multipliers() <= MULTIPLIERS, design.multipliers() + " multipliers");
    assertEquals(sharing == Sharing.ALONE, design.lowered().design().arrays().isEmpty());
  }

  /** What a search finds out is its own. */
  @ParameterizedTest
  @EnumSource(Sharing.class)
  void whatWasSearchedBeforeMakesNoDifference(Sharing sharing) {
    SearchSpace space = space();
    Mapping first = search(space, sharing).run().orElseThrow().mapping();
    for (Sharing other : Sharing.values()) {
      search(space, other).run();
    }
    assertEquals(first, search(space, sharing).run().orElseThrow().mapping());
    assertEquals(first, search(space(), sharing).run().orElseThrow().mapping());
  }

  @Test
  void aLongerScheduleMakesOtherOptions() {
    LayerOptions before = space().layers().get("c1");
    List<Option> all = List.copyOf(before.all());
    Option first = all.get(0);
    LayerOptions after = before.corrected(first, 1000);
    assertEquals(all, before.all());
    assertEquals(all.subList(1, all.size()), after.all().subList(1, all.size()));
    assertTrue(after.all().get(0).cycles() > first.cycles());
    LayerPoints points = LayerPoints.of("c1", before, FORMS);
    Option chosen = variant(points, first.cycles()).option();
    LayerPoints corrected = points.with(before.corrected(chosen, 1000));
    assertEquals(chosen, variant(points, first.cycles()).option());
    assertNotEquals(chosen, variant(corrected, first.cycles()).option());
  }

  private static Variant variant(LayerPoints points, long cycles) {
    return points.at(cycles, 1).get(0).variants().get("c1");
  }

  @Test
  void whatWasBuiltTakesThePlaceOfItsEstimate() {
    LayerOptions options = space().layers().get("c1");
    LayerPoints before = LayerPoints.of("c1", options, FORMS);
    long cycles = options.all().get(0).cycles();
    List<Point> estimated = before.at(cycles, 1);
    Variant variant = variant(before, cycles);
    Area taken = new Area(1, 1, estimated.get(0).area().multipliers(), 0);
    LayerPoints after =
        before.built(
            variant, variant.folding(options.layer(), new Buffering(1, false, false)), taken);
    assertEquals(estimated, before.at(cycles, 1));
    assertEquals(new Point(Map.of("c1", variant), taken), after.at(cycles, 1).get(0));
  }
}
