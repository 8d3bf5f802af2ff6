// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.data.Augmentation;
import dev.etch.compress.network.Parameters;
import dev.etch.compress.training.Differentiator.Batch;
import dev.etch.compress.training.Differentiator.Gradients;
import dev.etch.diagnostic.CompilerBug;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Trains models on one training set. The same plan and seed give the same bits. */
public final class Trainer {
  private final Differentiator differentiator;
  private final Items items;
  private final Augmentation augmentation;
  private final Objective objective;
  private final Progress progress;
  private final Checkpoints checkpoints;
  private final List<LossCurve> curves = new ArrayList<>();

  /** A trainer for a set of items, without checkpoints. */
  public Trainer(
      Differentiator differentiator,
      Items items,
      Augmentation augmentation,
      Objective objective,
      Progress progress) {
    this(differentiator, items, augmentation, objective, progress, Checkpoints.NONE);
  }

  /** A trainer that goes on where {@code checkpoints} say, and keeps its states there. */
  public Trainer(
      Differentiator differentiator,
      Items items,
      Augmentation augmentation,
      Objective objective,
      Progress progress,
      Checkpoints checkpoints) {
    this.differentiator = differentiator;
    this.items = items;
    this.augmentation = augmentation;
    this.objective = objective;
    this.progress = progress;
    this.checkpoints = checkpoints;
  }

  /** What it trains on. */
  public Items items() {
    return items;
  }

  /** How the losses of its trainings fell, in their order. */
  public List<LossCurve> curves() {
    return List.copyOf(curves);
  }

  /**
   * Trains a model within its restrictions.
   *
   * @param task what is being done, for the progress
   * @param adjustment changes the restrictions meanwhile
   */
  public Model train(
      String task, Model model, TrainingPlan plan, Adjustment adjustment, long seed) {
    Batches batches = new Batches(items, augmentation, plan.batch(), seed);
    int steps = plan.epochs() * batches.perEpoch();
    Objective taught = objective(model);
    Checkpoints.Training kept = checkpoints.next(task, model, plan, seed);
    TrainingState state = kept.last().orElseGet(() -> start(model, plan, steps));
    while (state.step() < steps) {
      state = step(state, steps, model, plan, adjustment, batches, taught);
      kept.keep(state, batches.perEpoch());
      progress.at(task, state.step(), steps);
    }
    curves.add(state.losses().curve(task, steps));
    Restrictions restrictions = adjustment.before(steps, steps, state.free(), state.restrictions());
    return new Model(
        model.network().with(state.statistics()).with(restrictions.restrict(state.free())),
        restrictions,
        model.teacher());
  }

  private static TrainingState start(Model model, TrainingPlan plan, int steps) {
    Parameters free = model.network().parameters();
    return new TrainingState(
        0,
        free,
        model.network().statistics(),
        plan.optimizer().of(free),
        model.restrictions(),
        new Losses(steps));
  }

  private TrainingState step(
      TrainingState state,
      int steps,
      Model model,
      TrainingPlan plan,
      Adjustment adjustment,
      Batches batches,
      Objective taught) {
    int step = state.step();
    Parameters free = state.free();
    Restrictions restrictions = adjustment.before(step, steps, free, state.restrictions());
    int[] numbers = batches.numbers(step);
    Batch batch = batches.batch(step, numbers);
    Gradients gradients =
        differentiator.gradients(
            model.network(),
            restrictions.restrict(free),
            state.statistics(),
            batch,
            taught.targets(numbers, batch),
            taught.hints(batch));
    requireFinite(gradients.loss(), step);
    state.losses().add(gradients.loss());
    float rate = (float) (plan.rate() * plan.schedule().factor((double) step / steps));
    decay(model, free, rate * plan.decay());
    state.optimizer().step(free, restrictions.gradients(free, gradients.gradients()), rate);
    return new TrainingState(
        step + 1, free, gradients.statistics(), state.optimizer(), restrictions, state.losses());
  }

  private Objective objective(Model model) {
    model.teacher().ifPresent(teacher -> teacher.check(model.network()));
    return model
        .teacher()
        .<Objective>map(teacher -> new Distillation(teacher, differentiator, objective))
        .orElse(objective);
  }

  private static void requireFinite(float loss, int step) {
    if (!Float.isFinite(loss)) {
      throw new DiagnosticException(
          Location.option("training"),
          "the loss is not finite any more at step " + (step + 1),
          "use a lower learning rate");
    }
  }

  private static void decay(Model model, Parameters free, float part) {
    if (part == 0) {
      return;
    }
    model
        .network()
        .layers()
        .forEach(
            layer -> {
              float[] weights = free.get(layer.weights());
              for (int i = 0; i < weights.length; i++) {
                weights[i] -= part * weights[i];
              }
            });
  }

  /** Part of some labelled items whose largest score is at their label, 0 to 1, in float. */
  public double accuracy(Model model, Items labelled, int batch) {
    if (!labelled.data().isLabelled()) {
      throw new CompilerBug("accuracy without labels");
    }
    int right = 0;
    int elements = labelled.data().item().elements();
    for (int first = 0; first < labelled.count(); first += batch) {
      int count = Math.min(batch, labelled.count() - first);
      float[] data = new float[count * elements];
      for (int i = 0; i < count; i++) {
        System.arraycopy(labelled.item(first + i), 0, data, i * elements, elements);
      }
      float[] scores =
          differentiator.scores(model.network(), new Parameters(Map.of()), new Batch(count, data));
      for (int i = 0; i < count; i++) {
        int classes = scores.length / count;
        right +=
            largest(scores, i * classes, classes) == labelled.data().labels()[first + i] ? 1 : 0;
      }
    }
    return (double) right / labelled.count();
  }

  private static int largest(float[] scores, int from, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      best = scores[from + i] > scores[from + best] ? i : best;
    }
    return best;
  }
}
