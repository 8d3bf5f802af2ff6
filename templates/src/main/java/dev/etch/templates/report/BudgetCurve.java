// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.report;

import java.util.List;
import java.util.Objects;

/**
 * What a model takes with different budgets.
 *
 * @param model its name
 * @param points at least one, budgets ascending
 */
public record BudgetCurve(String model, List<Point> points) {
  /**
   * One budget.
   *
   * @param budget multipliers, at least 1
   * @param cycles of a frame
   * @param bound cycles of a frame if every multiplier made a nonzero product in every cycle
   */
  public record Point(int budget, long cycles, double bound) {
    /** Cycles over bound; 1 is best. */
    double ratio() {
      return cycles / bound;
    }
  }

  public BudgetCurve {
    Objects.requireNonNull(model);
    points = List.copyOf(points);
    if (points.isEmpty()) {
      throw new IllegalArgumentException("a curve without points");
    }
  }
}
