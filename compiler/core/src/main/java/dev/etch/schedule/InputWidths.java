// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.lower.Buffering;
import dev.etch.lower.Edge;
import dev.etch.lower.Folding;
import dev.etch.lower.Plan;
import dev.etch.lower.Stage;
import dev.etch.lower.WindowLayer;
import dev.etch.schedule.LayerOptions.Option;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Chooses how many elements each layer writes to its window buffer at once: as few as keep up with
 * the pace, since every lane selects one of them; and so that no two-step width conversion is
 * needed.
 */
final class InputWidths {
  private final Plan plan;
  private final Map<String, Folding> fixed;
  private final long cycles;
  private final double slack;
  private final Map<Edge, Integer> widths = new HashMap<>();

  InputWidths(Plan plan, Map<String, Folding> fixed, long cycles, double slack) {
    this.plan = plan;
    this.fixed = fixed;
    this.cycles = cycles;
    this.slack = slack;
  }

  /** Foldings of all window layers. */
  Map<String, Folding> complete(Map<String, Variant> chosen) {
    Map<String, Folding> foldings = new LinkedHashMap<>();
    for (Stage stage : plan.stages()) {
      if (stage instanceof Stage.OfWindow window) {
        Folding folding =
            fixed.containsKey(window.layer())
                ? fixed.get(window.layer())
                : folding(window, chosen.get(window.layer()));
        foldings.put(window.layer(), folding);
        widths.put(window.output(), folding.layout().clusters());
      } else if (!(stage instanceof Stage.OfConstant)) {
        int widest =
            stage.inputs().stream().mapToInt(e -> widths.getOrDefault(e, 1)).max().orElse(1);
        widths.put(stage.output(), widest);
      }
    }
    return foldings;
  }

  private Folding folding(Stage.OfWindow stage, Variant variant) {
    Buffering buffering =
        variant.option().layout().isBroadcast()
            ? broadcast(stage, variant.option().buffering())
            : buffering(stage.window(), variant.option(), elements(stage), cycles);
    return variant.folding(stage.window(), buffering);
  }

  /** With the most elements of a beat for which no conversion in front has fewer. */
  private Buffering broadcast(Stage.OfWindow stage, Buffering wanted) {
    int elements = wanted.inputElements();
    while (!fitsNeighbour(stage, elements)) {
      elements /= 2;
    }
    return new Buffering(elements, wanted.ahead(), wanted.banked());
  }

  /** How a layer stores its input; what is broadcast comes as the option says. */
  static Buffering buffering(WindowLayer layer, Option option, int elements, long cycles) {
    return option.layout().isBroadcast()
        ? option.buffering()
        : new Buffering(elements, losesTimeBetweenFrames(layer, option, cycles), false);
  }

  /** The fewest elements of a beat with which a layer's input keeps up, whatever is in front. */
  static int fewest(WindowLayer layer, double cycles) {
    int channels = layer.frame().channels();
    int elements = layer.word();
    while (elements < channels && (channels % elements != 0 || !keepsUp(layer, elements, cycles))) {
      elements++;
    }
    return elements;
  }

  private int elements(Stage.OfWindow stage) {
    if (stage.window().word() > 1) {
      return stage.window().word();
    }
    int channels = stage.window().frame().channels();
    for (int elements = 1; elements <= channels; elements++) {
      if (channels % elements == 0
          && keepsUp(stage.window(), elements, cycles * slack)
          && fitsNeighbour(stage, elements)) {
        return elements;
      }
    }
    return channels;
  }

  private static boolean keepsUp(WindowLayer layer, int elements, double cycles) {
    long beats = (long) layer.paddedPixels() * (layer.frame().channels() / elements);
    return beats <= cycles;
  }

  private boolean fitsNeighbour(Stage.OfWindow stage, int elements) {
    if (stage.input().equals(plan.input())) {
      return Integer.bitCount(elements) == 1;
    }
    int neighbour = widths.getOrDefault(stage.input(), 1);
    return neighbour % elements == 0 || elements % neighbour == 0;
  }

  /**
   * Whether waiting for the first window of the next frame, which comes at the pace of the frame,
   * would cost more than the layer's own slack.
   */
  private static boolean losesTimeBetweenFrames(WindowLayer layer, Option option, long cycles) {
    int rows = layer.window().padTop() + layer.frame().height() + layer.window().padBottom();
    double wait = (double) (layer.window().spanHeight() - 1) / rows * cycles;
    return option.cycles() + wait > cycles;
  }
}
