// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Node;
import dev.etch.hardware.MatrixStream;
import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.hardware.WordSource;
import dev.etch.lower.Folding;
import dev.etch.lower.FrameBeats;
import dev.etch.lower.LaneLayout;
import dev.etch.lower.MacProblem;
import dev.etch.lower.Plan;
import dev.etch.lower.ProductForm;
import dev.etch.lower.RescalingForm;
import dev.etch.lower.ScheduleRoom;
import dev.etch.lower.SharedLayers;
import dev.etch.lower.Stage;
import dev.etch.schedule.LoadedMatrix.Excess;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Checks the foldings and arrays that the user prescribes. */
final class FixedFoldings {
  private FixedFoldings() {}

  static void check(Plan plan, Mapping mapping, DiagnosticCollector diagnostics) {
    Set<String> unknown = new LinkedHashSet<>(mapping.layers().keySet());
    for (Stage.OfWindow stage : plan.windows()) {
      unknown.remove(stage.layer());
      Folding folding = mapping.layers().get(stage.layer());
      if (folding != null) {
        check(stage, folding, diagnostics);
        checkBuffers(stage, folding, mapping, diagnostics);
        if (!diagnostics.hasErrors() && stage.window().room().isPresent()) {
          checkRoom(plan, stage, folding, diagnostics);
        }
        if (!diagnostics.hasErrors() && stage.window().coded().isPresent()) {
          checkCoded(plan, stage, folding, diagnostics);
        }
      }
    }
    for (String layer : unknown) {
      diagnostics.error(
          Location.option("-m"),
          "the mapping names layer '" + layer + "', which this model does not have",
          "layers: " + plan.windows().stream().map(Stage.OfWindow::layer).toList());
    }
  }

  /** Checks the arrays that the user prescribes. */
  static void checkArrays(Plan plan, Mapping mapping, DiagnosticCollector diagnostics) {
    Set<String> seen = new HashSet<>();
    for (SharedLayers array : mapping.arrays()) {
      for (String layer : array.layers()) {
        Optional<Stage.OfWindow> stage =
            plan.windows().stream()
                .filter(s -> s.layer().equals(layer) && multiplies(s))
                .findFirst();
        if (stage.isEmpty()) {
          refuse(layer, "this model has no such layer with multipliers", diagnostics);
        } else if (!seen.add(layer)) {
          refuse(layer, "it is in another array already", diagnostics);
        } else {
          Folding folding = mapping.layers().get(layer);
          if (folding != null && folding.products() == ProductForm.ADDERS) {
            refuse(layer, "its products come from adders", diagnostics);
          }
          if (folding != null && folding.layout().isBroadcast()) {
            refuse(layer, "its elements are broadcast to lanes of its own", diagnostics);
          }
          if (folding != null && folding.words() == WordSource.EXTERNAL) {
            refuse(layer, "its words come from outside, and it may have to wait", diagnostics);
          }
          int lanes = lanes(stage.get(), mapping);
          int most = array.multipliers().orElse(Integer.MAX_VALUE);
          if (lanes > most) {
            refuse(
                layer,
                "its folding takes " + lanes + " multipliers, the array has " + most,
                diagnostics);
          }
        }
      }
    }
  }

  /** Lanes of a layer's folding; 0 if it is open, or does not fit. */
  private static int lanes(Stage.OfWindow stage, Mapping mapping) {
    Folding folding = mapping.layers().get(stage.layer());
    int outputs = stage.window().outputs().size();
    return folding == null || !fits(folding.layout(), outputs)
        ? 0
        : stage.window().problem(folding.layout(), folding.buffering().inputElements()).lanes();
  }

  private static boolean fits(LaneLayout layout, int outputs) {
    return (layout.copies() > 1 ? outputs : outputs * layout.block()) % layout.clusters() == 0;
  }

  private static boolean multiplies(Stage.OfWindow stage) {
    return stage.window().operation() == Operation.MULTIPLY_ACCUMULATE;
  }

  private static void refuse(String layer, String why, DiagnosticCollector diagnostics) {
    diagnostics.error(
        Location.option("-m"),
        "layer '" + layer + "' cannot be in this array: " + why,
        "change the array, or leave it out and let Etch choose");
  }

  private static void check(
      Stage.OfWindow stage, Folding folding, DiagnosticCollector diagnostics) {
    LaneLayout layout = folding.layout();
    int elements = folding.buffering().inputElements();
    int columns = stage.window().outputWidth();
    int outputs = stage.window().outputs().size() * layout.block();
    int channels = stage.window().frame().channels();
    demand(columns % layout.block() == 0, stage, "a block must divide " + columns, diagnostics);
    demand(outputs % layout.clusters() == 0, stage, "clusters must divide " + outputs, diagnostics);
    int ofPixel = stage.window().outputs().size();
    demand(
        layout.copies() == 1 || ofPixel % layout.clusters() == 0,
        stage,
        "with copies, clusters must divide " + ofPixel,
        diagnostics);
    demand(
        layout.isBroadcast() || channels % elements == 0,
        stage,
        "input elements must divide " + channels,
        diagnostics);
    demand(
        !layout.isBroadcast() || stage.window().takesBeats(elements),
        stage,
        "elements that are broadcast come 1, 2, 4 or 8 at a time, which must divide "
            + stage.window().frame().elements(),
        diagnostics);
    demand(
        stage.window().word() == 1 || elements == stage.window().word(),
        stage,
        "input elements must be " + stage.window().word(),
        diagnostics);
    demand(
        !layout.isBroadcast() || stage.window().isMatrix(),
        stage,
        stage.window().coversFrame()
            ? "elements are broadcast to weights that the host loads as PACKED or EXTERNAL words only"
            : "elements are broadcast in dense layers only",
        diagnostics);
    demand(
        stage.window().loaded().isEmpty() || folding.products() == ProductForm.MULTIPLIERS,
        stage,
        "weights that the host loads need multipliers",
        diagnostics);
    demand(
        !layout.isBroadcast()
            || (folding.products() == ProductForm.MULTIPLIERS
                && folding.rescaling() == RescalingForm.ADDERS),
        stage,
        "elements are broadcast to multipliers, and sums are rescaled by adders",
        diagnostics);
    demand(
        layout.isBroadcast()
            || (folding.words() != WordSource.CODED && folding.words() != WordSource.PACKED),
        stage,
        "only layers whose elements are broadcast have coded weights",
        diagnostics);
    demand(
        layout.isBroadcast()
            || folding.words() != WordSource.EXTERNAL
            || stage.window().hasWeights(),
        stage,
        "only layers with weights read words from outside",
        diagnostics);
    demand(
        layout.isBroadcast()
            || folding.words() != WordSource.EXTERNAL
            || stage.window().loaded().isEmpty(),
        stage,
        "the host loads its weights, and the words of a window from outside are constants",
        diagnostics);
    demand(
        !layout.isBroadcast()
            || !folding.words().isStreamed()
            || layout.clusters() * layout.ports() <= MatrixStream.MOST_LANES,
        stage,
        "words of one stream are for at most " + MatrixStream.MOST_LANES + " lanes",
        diagnostics);
    demand(
        folding.words() != WordSource.ROTATED || stage.window().rotates(layout),
        stage,
        stage
            .window()
            .circulant()
            .map(size -> "of blocks of " + size + " rows, whole ones are for lanes of all clusters")
            .orElse("its weights are no circulant blocks, of which each could be stored once"),
        diagnostics);
    demand(
        folding.words() != WordSource.LOADED || stage.window().room().isPresent(),
        stage,
        "the host loads no weights of it",
        diagnostics);
    demand(
        folding.steps().orElse(1) <= ScheduleRoom.MOST_STEPS,
        stage,
        "a schedule has at most " + ScheduleRoom.MOST_STEPS + " steps",
        diagnostics);
    demand(
        folding.words() != WordSource.LOADED || layout.copies() == 1,
        stage,
        "copies cannot take words that the host loads",
        diagnostics);
    demand(
        !folding.buffering().banked() || stage.window().canBank(layout, elements),
        stage,
        "banks are for 2, 4, 8 or 16 copies of at most 16 elements together",
        diagnostics);
    demand(
        stage.window().hasWeights() || (layout.group() == 1 && !layout.isShared()),
        stage,
        "only layers with weights can share addresses",
        diagnostics);
  }

  /** What is outside stands in one place: frames of the old weights would read the new words. */
  private static void checkBuffers(
      Stage stage, Folding folding, Mapping mapping, DiagnosticCollector diagnostics) {
    boolean doubled = mapping.reload().map(Reload::ofMemories).orElse(1) > 1;
    if (doubled && folding.words() == WordSource.EXTERNAL) {
      diagnostics.error(
          Location.option("--buffers"),
          "weights are loaded beside frames into memories of the FPGA only, and the words of layer '"
              + stage.layer()
              + "' are outside",
          "compile it with --buffers 1, or with other words in the mapping");
    }
  }

  /** Whether the weights fit into a schedule that is loaded. */
  private static void checkRoom(
      Plan plan, Stage.OfWindow stage, Folding folding, DiagnosticCollector diagnostics) {
    MacProblem problem =
        stage.window().problem(folding.layout(), folding.buffering().inputElements());
    OptionalInt needed = MacScheduler.shortage(problem);
    if (needed.isEmpty()) {
      return;
    }
    int steps = folding.steps().orElseThrow();
    diagnostics.error(
        location(plan, stage),
        String.format(
            Locale.ROOT,
            "layer '%s' takes %d steps a pixel with these weights, and has room for %d: %.1f %% too"
                + " many",
            stage.layer(),
            needed.getAsInt(),
            steps,
            100.0 * needed.getAsInt() / steps - 100),
        "set more of its weights to zero, or compile it with more headroom");
  }

  /** Whether coded words of the weights fit into the memories that the host loads. */
  private static void checkCoded(
      Plan plan, Stage.OfWindow stage, Folding folding, DiagnosticCollector diagnostics) {
    MacProblem problem = stage.window().problem(folding.layout(), 1);
    FrameBeats frame = stage.beats(folding.buffering().inputElements());
    Optional<Excess> excess = LoadedMatrix.of(problem, frame).excess();
    excess.ifPresent(
        limit ->
            diagnostics.error(
                location(plan, stage),
                String.format(
                    Locale.ROOT,
                    "layer '%s' takes %d %s with these weights, and has room for %d: %.1f %% too"
                        + " many",
                    stage.layer(),
                    limit.needed(),
                    limit.what(),
                    limit.limit(),
                    100.0 * limit.needed() / limit.limit() - 100),
                "set more of its weights to zero, give them fewer different values, or compile it"
                    + " with more headroom"));
  }

  private static Location location(Plan plan, Stage stage) {
    return plan.graph().nodes().stream()
        .filter(node -> node.name().equals(stage.layer()))
        .findFirst()
        .map(Node::location)
        .orElse(Location.option("-m"));
  }

  private static void demand(
      boolean condition, Stage stage, String what, DiagnosticCollector diagnostics) {
    if (!condition) {
      diagnostics.error(
          Location.option("-m"),
          "the folding of layer '" + stage.layer() + "' does not fit: " + what,
          "change it, or leave it out and let Etch choose");
    }
  }
}
