// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** The losses of a training so far, as means; kept in checkpoints, so that none is lost. */
final class Losses implements Serializable {
  private static final long serialVersionUID = 1;

  /** As many points as a chart can show. */
  private static final int MOST = 100;

  private final int interval;
  private final ArrayList<Float> means = new ArrayList<>();
  private double sum;
  private int count;

  /** None yet, of a training of so many steps. */
  Losses(int steps) {
    interval = Math.max(1, (steps + MOST - 1) / MOST);
  }

  /** The loss of the next step. */
  void add(float loss) {
    sum += loss;
    count++;
    if (count == interval) {
      means.add((float) (sum / count));
      sum = 0;
      count = 0;
    }
  }

  /** All of them. */
  LossCurve curve(String task, int steps) {
    List<Float> all = new ArrayList<>(means);
    if (count > 0) {
      all.add((float) (sum / count));
    }
    return new LossCurve(task, steps, interval, all);
  }
}
