// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.LaneSharing;
import dev.etch.hardware.Program;
import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.lower.Folding;
import dev.etch.lower.LaneLayout;
import dev.etch.lower.LoweredModel;
import dev.etch.lower.MacProblem;
import dev.etch.lower.Plan;
import dev.etch.lower.Stage;
import dev.etch.lower.Widths;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What a search chooses from: the layers of a model whose foldings are open, and their options. */
final class SearchSpace {
  private final Plan plan;
  private final Mapping constraints;
  private final Map<String, LayerOptions> layers = new LinkedHashMap<>();
  private final MacScheduler scheduler = new MacScheduler();
  private final Map<Lanes, Program> programs = new ConcurrentHashMap<>();

  /** What a schedule depends on. */
  private record Lanes(String layer, LaneLayout layout, int elements) {}

  /**
   * A space.
   *
   * @param mostMultipliers of a layer
   */
  SearchSpace(Plan plan, Mapping constraints, int mostMultipliers) {
    this.plan = plan;
    this.constraints = constraints;
    for (Stage.OfWindow stage : plan.windows()) {
      if (!constraints.layers().containsKey(stage.layer())) {
        int most = multiplies(stage) ? mostMultipliers : stage.window().outputs().size();
        layers.put(
            stage.layer(),
            new LayerOptions(
                stage, constraints.target(), most, clusters -> leaving(stage, clusters)));
      }
    }
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
  private int leaving(Stage.OfWindow stage, int clusters) {
    if (stage.output().equals(plan.output())) {
      return Widths.ofHost(plan.output(), clusters);
    }
    int channels = stage.window().outputs().size();
    int piece = Widths.gcd(clusters, channels);
    return piece == channels ? clusters : piece;
  }

  /** The schedule of a layer's folding. */
  Program program(Stage.OfWindow stage, Folding folding) {
    return programs.computeIfAbsent(
        new Lanes(stage.layer(), folding.layout(), folding.buffering().inputElements()),
        lanes -> scheduler.program(stage.window().problem(lanes.layout(), lanes.elements())));
  }

  /** Makes the schedules of all layers with weights, several at a time. */
  void schedule(Map<String, Folding> foldings) {
    plan.windows().parallelStream()
        .filter(stage -> stage.window().hasWeights())
        .forEach(stage -> program(stage, foldings.get(stage.layer())));
  }

  /** Cycles of a frame for which the lanes of a folding are occupied. */
  long busy(Stage.OfWindow stage, Folding folding) {
    return (long) program(stage, folding).steps()
        * stage.window().pixels()
        / folding.layout().block();
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
    return LaneSharing.multipliers(
        program(stage, folding),
        stage.productsPerMultiplier(folding.products(), constraints.target()));
  }

  int pinnedMultipliers() {
    return constraints.arrays().stream().mapToInt(a -> a.multipliers().orElse(1)).sum();
  }

  /** The frame itself has to come in: no unit writes more than one beat a cycle. */
  long leastCycles() {
    return plan.windows().stream().mapToLong(s -> s.window().paddedPixels()).max().orElse(1);
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

  /** The finished design. */
  ScheduledDesign build(Mapping mapping) {
    return draft(mapping).finish();
  }

  /** The units of a design, see {@link Scheduler#lower}. */
  LoweredModel lower(Mapping mapping) {
    return Scheduler.lower(plan, mapping, scheduler);
  }

  /** A design to compare with others. */
  Draft draft(Mapping mapping) {
    return new Draft(lower(mapping), mapping);
  }

  /**
   * Schedules layers; notes which options take more steps than their bound, because their drains do
   * not fit, and so are slower than the pace. Returns whether there are any.
   *
   * @param most cycles of a frame for which a layer's lanes may be occupied
   */
  boolean correct(Map<String, Variant> chosen, Map<String, Folding> foldings, long most) {
    List<String> slow = new ArrayList<>();
    for (Stage.OfWindow stage : plan.windows()) {
      Variant variant = chosen.get(stage.layer());
      if (variant != null && stage.window().hasWeights()) {
        Folding folding = foldings.get(stage.layer());
        long busy = busy(stage, folding);
        if (busy > most && busy > variant.option().busy()) {
          layers.get(stage.layer()).correct(variant.option(), program(stage, folding).steps());
          slow.add(stage.layer());
        }
      }
    }
    return !slow.isEmpty();
  }
}
