// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.search;

import dev.etch.compress.network.WeightedLayer;
import dev.etch.compress.quantize.QuantizationPlan;
import dev.etch.compress.recipe.Compression;
import dev.etch.compress.recipe.Step;
import dev.etch.compress.recipe.StepResult;
import dev.etch.compress.training.Items;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Progress;
import dev.etch.compress.training.Trainer;
import dev.etch.compress.training.TrainingPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Finds how much of each layer can be pruned so that a model keeps limits. Every size and every
 * cycle is that of a model that was quantized, coded and compiled, every accuracy that a choice is
 * made by is the reference's, on items that nothing is trained on. The same data and seed give the
 * same choice.
 *
 * <ol>
 *   <li>A {@link SparsityScan} and a {@link SparsityPath} for each number of outputs that may be
 *       pruned together.
 *   <li>On each path the first place that is small enough, by halving.
 *   <li>Of these, those with the least estimated loss are trained, until one keeps all limits.
 *   <li>Without a limit of the size, halving goes by trained models instead.
 * </ol>
 */
public final class SparsitySearch {
  /** Outputs that may be pruned together. */
  private static final List<Integer> ROWS = List.of(1, 2, 4, 8);

  private static final int BATCH = 500;

  /** Models that are trained at most. */
  private static final int MOST_TRAININGS = 4;

  /** Part of the training in which is pruned. */
  private static final double PRUNING = 0.5;

  private final Trainer trainer;
  private final Items chosenBy;
  private final Compression measured;
  private final Compression bare;
  private final Settings settings;
  private final Consumer<FrontierPoint> listener;
  private final Map<Sparsity, FrontierPoint> priced = new LinkedHashMap<>();

  /**
   * What a search is told.
   *
   * @param limits that the model has to keep
   * @param plan the training of a pruned model
   * @param behind steps behind the pruning
   * @param seed of all that is random
   */
  public record Settings(
      Limits limits, Pricing pricing, TrainingPlan plan, List<Step> behind, long seed) {
    public Settings {
      behind = List.copyOf(behind);
    }
  }

  /**
   * What was found.
   *
   * @param given part of the items that the given model gets right, in float, 0 to 1
   * @param frontier everything that was priced, in the order of cycles
   * @param chosen the best that keeps all limits, if one does
   */
  public record Result(double given, List<FrontierPoint> frontier, Optional<FrontierPoint> chosen) {
    public Result {
      frontier = List.copyOf(frontier);
    }
  }

  /** On the way of one number of outputs: the path, and how far along it is small enough. */
  private record Candidate(SparsityPath path, int place) {
    double loss() {
      return path.losses().get(place);
    }

    Candidate further() {
      return new Candidate(path, Math.min(place + 1, path.places().size() - 1));
    }
  }

  /**
   * A search.
   *
   * @param trainer does not train on {@code chosenBy}
   * @param chosenBy labelled items
   * @param threads of the reference
   * @param listener gets each point when it is trained
   */
  public SparsitySearch(
      Trainer trainer,
      Items chosenBy,
      QuantizationPlan quantization,
      int threads,
      Progress progress,
      Settings settings,
      Consumer<FrontierPoint> listener) {
    this.trainer = trainer;
    this.chosenBy = chosenBy;
    this.measured =
        new Compression(trainer, Optional.of(chosenBy), quantization, threads, progress);
    this.bare = new Compression(trainer, Optional.empty(), quantization, threads, progress);
    this.settings = settings;
    this.listener = listener;
  }

  /** Searches for a model whose batch normalizations are folded. */
  public Result run(Model model) {
    double given = accuracy(model);
    Optional<FrontierPoint> chosen =
        settings.limits().sizeIsLimited() ? smallEnough(model, given) : rightEnough(model, given);
    List<FrontierPoint> frontier = new ArrayList<>(priced.values());
    frontier.sort(
        Comparator.comparingLong((FrontierPoint point) -> point.price().cycles())
            .thenComparingDouble(FrontierPoint::estimatedLoss));
    return new Result(given, frontier, chosen);
  }

  private double accuracy(Model model) {
    return trainer.accuracy(model, chosenBy, BATCH);
  }

  private SparsityPath path(Model model, int rows) {
    SparsityScan scan = SparsityScan.of(model, rows, this::accuracy);
    Map<String, Long> weighs = new LinkedHashMap<>();
    for (WeightedLayer layer : model.network().layers()) {
      long pixels = layer.node().output().type().shape().elements() / layer.shape().dimension(0);
      boolean byProducts = settings.limits().bytes().isEmpty();
      weighs.put(layer.name(), layer.size() * (byProducts ? pixels : 1));
    }
    return SparsityPath.of(rows, scan, weighs);
  }

  /** Coded bytes do not depend on what lanes can share. */
  private List<Integer> rows() {
    return settings.limits().cycles().isEmpty() && settings.limits().bytes().isPresent()
        ? ROWS.subList(0, 1)
        : ROWS;
  }

  private Optional<FrontierPoint> smallEnough(Model model, double given) {
    List<Candidate> candidates = new ArrayList<>();
    for (int rows : rows()) {
      SparsityPath path = path(model, rows);
      firstSmallEnough(model, path).ifPresent(place -> candidates.add(new Candidate(path, place)));
    }
    candidates.sort(Comparator.comparingDouble(Candidate::loss));
    for (int i = 0; i < MOST_TRAININGS && !candidates.isEmpty(); i++) {
      Candidate next = candidates.remove(0);
      FrontierPoint point = trained(model, next);
      boolean isSmall = settings.limits().allows(point.price(), point.bytes());
      if (isSmall && isRight(point, given)) {
        return Optional.of(point);
      }
      if (!isSmall) {
        // What is trained has other zeros, if as many: a little further on, it is small enough.
        candidates.add(0, next.further());
      }
    }
    return Optional.empty();
  }

  private boolean isRight(FrontierPoint point, double given) {
    return settings.limits().allows(given, point.accuracy().orElseThrow());
  }

  private OptionalInt firstSmallEnough(Model model, SparsityPath path) {
    int high = path.places().size() - 1;
    if (!isSmall(model, path, high)) {
      return OptionalInt.empty();
    }
    int low = 0;
    while (low < high) {
      int middle = (low + high) / 2;
      if (isSmall(model, path, middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return OptionalInt.of(high);
  }

  private boolean isSmall(Model model, SparsityPath path, int place) {
    return price(model, path, place)
        .map(point -> settings.limits().allows(point.price(), point.bytes()))
        .orElse(false);
  }

  /** The furthest trained place of the path with the fewest cycles for the same estimated loss. */
  private Optional<FrontierPoint> rightEnough(Model model, double given) {
    SparsityPath path = cheapest(model);
    Optional<FrontierPoint> best = Optional.empty();
    int low = 0;
    int high = path.places().size();
    for (int i = 0; i < MOST_TRAININGS && low + 1 < high; i++) {
      int middle = (low + high) / 2;
      FrontierPoint point = trained(model, new Candidate(path, middle));
      if (isRight(point, given)) {
        best = Optional.of(point);
        low = middle;
      } else {
        high = middle;
      }
    }
    return best;
  }

  private SparsityPath cheapest(Model model) {
    List<SparsityPath> paths = rows().stream().map(rows -> path(model, rows)).toList();
    SparsityPath first = paths.get(0);
    double loss = first.losses().get(first.places().size() / 2);
    SparsityPath best = first;
    long least = Long.MAX_VALUE;
    for (SparsityPath path : paths) {
      int place = 0;
      while (place + 1 < path.places().size() && path.losses().get(place + 1) <= loss) {
        place++;
      }
      long cycles = price(model, path, place).map(p -> p.price().cycles()).orElse(Long.MAX_VALUE);
      if (cycles < least) {
        least = cycles;
        best = path;
      }
    }
    return best;
  }

  private Optional<FrontierPoint> price(Model model, SparsityPath path, int place) {
    Sparsity sparsity = path.places().get(place);
    FrontierPoint known = priced.get(sparsity);
    if (known != null) {
      return Optional.of(known);
    }
    StepResult pruned = bare.result("pruned", model, steps(sparsity, 0), settings.seed());
    Optional<FrontierPoint> point =
        settings
            .pricing()
            .of(pruned.quantized())
            .map(
                price ->
                    new FrontierPoint(
                        sparsity,
                        price,
                        pruned.size().bytes(),
                        path.losses().get(place),
                        Optional.empty()));
    point.ifPresent(found -> priced.put(sparsity, found));
    return point;
  }

  private FrontierPoint trained(Model model, Candidate candidate) {
    Sparsity sparsity = candidate.path().places().get(candidate.place());
    StepResult result =
        measured.result(
            "pruned", model, steps(sparsity, settings.plan().epochs()), settings.seed());
    Price price =
        settings.pricing().of(result.quantized()).orElse(new Price(Long.MAX_VALUE, 0, 0, 0));
    FrontierPoint point =
        new FrontierPoint(
            sparsity, price, result.size().bytes(), candidate.loss(), Optional.of(result));
    priced.put(sparsity, point);
    listener.accept(point);
    return point;
  }

  /** Without a training, steps behind the pruning only do what they do first. */
  private List<Step> steps(Sparsity sparsity, int epochs) {
    List<Step> steps = new ArrayList<>();
    steps.add(sparsity.step(PRUNING, settings.plan().of(epochs)));
    settings.behind().forEach(step -> steps.add(epochs == 0 ? step.untrained() : step));
    return steps;
  }
}
