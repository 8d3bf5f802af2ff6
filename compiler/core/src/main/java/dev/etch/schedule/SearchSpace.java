// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.WindowArea;
import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.lower.Folding;
import dev.etch.lower.LoweredModel;
import dev.etch.lower.MacProblem;
import dev.etch.lower.Plan;
import dev.etch.lower.Stage;
import dev.etch.lower.Widths;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a search chooses from: the layers of a model whose foldings are open, and their options. A
 * value, which is corrected by making another.
 */
final class SearchSpace {
  private final Plan plan;
  private final Mapping constraints;
  private final Map<String, LayerOptions> layers;

  /** The same for all spaces of a search. */
  private final Schedules schedules;

  private SearchSpace(
      Plan plan, Mapping constraints, Map<String, LayerOptions> layers, Schedules schedules) {
    this.plan = plan;
    this.constraints = constraints;
    this.layers = Collections.unmodifiableMap(layers);
    this.schedules = schedules;
  }

  /**
   * A space.
   *
   * @param mostMultipliers of a layer
   */
  static SearchSpace of(Plan plan, Mapping constraints, int mostMultipliers) {
    Map<String, LayerOptions> layers = new LinkedHashMap<>();
    for (Stage.OfWindow stage : plan.windows()) {
      if (!constraints.layers().containsKey(stage.layer())) {
        int most = multiplies(stage) ? mostMultipliers : stage.window().outputs().size();
        layers.put(
            stage.layer(),
            LayerOptions.of(
                stage,
                constraints.target(),
                most,
                savesMemory(constraints),
                clusters -> leaving(plan, stage, clusters)));
      }
    }
    return new SearchSpace(plan, constraints, layers, new Schedules());
  }

  /** Whether memory is short, and there are small memories for what takes its place. */
  private static boolean savesMemory(Mapping constraints) {
    return WindowArea.hasSmallMemories(constraints.target())
        && constraints
            .budget()
            .filter(budget -> budget instanceof Budget.Resources r && r.blocks().isPresent())
            .isPresent();
  }

  Plan plan() {
    return plan;
  }

  Mapping constraints() {
    return constraints;
  }

  /** The layers whose foldings are open, in the order of the data flow. */
  Map<String, LayerOptions> layers() {
    return layers;
  }

  /** Stages of layers that multiply by weights, and have multipliers for that. */
  List<Stage.OfWindow> multiplying() {
    return plan.windows().stream().filter(SearchSpace::multiplies).toList();
  }

  /** Whether a layer's products come from multipliers, unless its folding says otherwise. */
  static boolean multiplies(Stage.OfWindow stage) {
    return stage.window().operation() == Operation.MULTIPLY_ACCUMULATE;
  }

  /**
   * Elements of a beat behind a layer: what the host takes, or a piece that fits the beats of the
   * layer and the channels of its reader.
   */
  private static int leaving(Plan plan, Stage.OfWindow stage, int clusters) {
    if (plan.leaves(stage.output())) {
      return Widths.ofHost(stage.output(), clusters);
    }
    int channels = stage.window().outputs().size();
    int piece = Widths.gcd(clusters, channels);
    return piece == channels ? clusters : piece;
  }

  /** Makes the schedules of all layers with weights, several at a time. */
  void schedule(Map<String, Folding> foldings) {
    plan.windows().parallelStream()
        .filter(stage -> stage.window().hasWeights())
        .forEach(stage -> schedules.cycles(stage, foldings.get(stage.layer())));
  }

  /** Cycles of a frame for which the lanes of a folding are occupied. */
  long busy(Stage.OfWindow stage, Folding folding) {
    return (long) schedules.cycles(stage, folding)
        * stage.window().pixels()
        / folding.layout().block();
  }

  /** The same for all layers with weights. */
  Map<String, Long> busy(Map<String, Folding> foldings) {
    Map<String, Long> busy = new HashMap<>();
    plan.windows().stream()
        .filter(stage -> stage.window().hasWeights())
        .forEach(s -> busy.put(s.layer(), busy(s, foldings.get(s.layer()))));
    return busy;
  }

  /** A layer with a given folding, as a member of arrays. */
  ArrayMember fixed(Stage.OfWindow stage, Folding folding) {
    MacProblem problem =
        stage.window().problem(folding.layout(), folding.buffering().inputElements());
    long products = stage.window().taps() * stage.window().pixels();
    return new ArrayMember.Fixed(stage.layer(), products, problem.lanes(), busy(stage, folding));
  }

  /** Multipliers of the layers with given foldings that are in no given array. */
  int fixedMultipliers() {
    return multiplying().stream()
        .filter(s -> constraints.layers().containsKey(s.layer()))
        .filter(s -> constraints.arrays().stream().noneMatch(a -> a.layers().contains(s.layer())))
        .mapToInt(this::fixedMultipliers)
        .sum();
  }

  private int fixedMultipliers(Stage.OfWindow stage) {
    Folding folding = constraints.layers().get(stage.layer());
    return schedules.multipliers(stage, folding, constraints.target());
  }

  int pinnedMultipliers() {
    return constraints.arrays().stream().mapToInt(a -> a.multipliers().orElse(1)).sum();
  }

  /** The frame itself has to come in: no unit writes more than one beat a cycle. */
  long leastCycles() {
    return plan.windows().stream().mapToLong(s -> s.window().paddedPixels()).max().orElse(1);
  }

  /** Whether what has no multipliers can do a frame in so many cycles. */
  boolean keepsUp(long cycles) {
    return layers.values().stream()
        .filter(layer -> !layer.multiplies())
        .allMatch(layer -> layer.fewestMultipliers(cycles).isPresent());
  }

  /** Without multipliers to share out, lanes of logic need not be faster than the host's beats. */
  long hostCycles() {
    boolean logicOnly =
        plan.windows().stream().allMatch(s -> s.window().operation() == Operation.DOT);
    int elements = plan.input().order().size();
    return logicOnly ? elements / Widths.ofHost(plan.input(), elements) : 1;
  }

  /**
   * Foldings of all layers.
   *
   * @param cycles a frame
   * @param slack part of these that everything without multipliers may take
   */
  Map<String, Folding> foldings(Map<String, Variant> chosen, long cycles, double slack) {
    return new InputWidths(plan, constraints.layers(), cycles, slack).complete(chosen);
  }

  /** The units of a design, see {@link Scheduler#lower}. */
  LoweredModel lower(Mapping mapping) {
    return Scheduler.lower(plan, mapping, schedules.scheduler());
  }

  /**
   * The space in which those of the chosen options that take more steps than their bound, because
   * their drains do not fit, take what they take; empty if there are none.
   *
   * @param foldings of all layers, which have been scheduled
   */
  Optional<SearchSpace> corrected(Map<String, Variant> chosen, Map<String, Folding> foldings) {
    Map<String, LayerOptions> corrected = new LinkedHashMap<>(layers);
    for (Stage.OfWindow stage : plan.windows()) {
      Variant variant = chosen.get(stage.layer());
      if (variant != null && stage.window().hasWeights()) {
        Folding folding = foldings.get(stage.layer());
        if (busy(stage, folding) > variant.option().busy()) {
          int steps = schedules.cycles(stage, folding);
          corrected.computeIfPresent(
              stage.layer(), (name, layer) -> layer.corrected(variant.option(), steps));
        }
      }
    }
    return corrected.equals(layers)
        ? Optional.empty()
        : Optional.of(new SearchSpace(plan, constraints, corrected, schedules));
  }
}
