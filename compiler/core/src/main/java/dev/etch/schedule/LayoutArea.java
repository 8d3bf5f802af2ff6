// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.area.Area;
import dev.etch.area.WindowArea;
import dev.etch.hardware.MatrixCode;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.Target;
import dev.etch.hardware.WindowBuffer;
import dev.etch.hardware.WordSource;
import dev.etch.lower.Folding;
import dev.etch.lower.LaneLayout;
import dev.etch.lower.ProductForm;
import dev.etch.lower.RescalingForm;
import dev.etch.lower.Stage;
import dev.etch.lower.WindowLayer;
import dev.etch.schedule.LayerOptions.Option;
import dev.etch.tensor.IntegerType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the layouts of one window layer take, estimated before they are scheduled. */
final class LayoutArea {
  private final WindowLayer layer;
  private final WindowArea area;
  private final boolean scales;
  private final Map<Case, Area> known = new HashMap<>();

  /** Of a matrix; null until it is asked for. */
  private MatrixCode.Traits code;

  /** What an estimate depends on; the option says how many steps there are. */
  private record Case(Option option, Folding folding) {}

  LayoutArea(Stage.OfWindow stage, Target target) {
    this.layer = stage.window();
    WindowArea.Layer constants = constants(stage, target);
    this.area = new WindowArea(target, constants);
    this.scales = constants.scaling().isPresent();
  }

  private static int weightBits(WindowLayer layer) {
    return layer.outputs().stream()
        .flatMap(List::stream)
        .mapToInt(tap -> IntegerType.holding(Math.min(0, tap.weight()), tap.weight()).bits())
        .max()
        .orElse(1);
  }

  private static WindowArea.Layer constants(Stage.OfWindow stage, Target target) {
    int weightBits =
        stage
            .window()
            .loaded()
            .map(loaded -> loaded.type().bits())
            .orElseGet(() -> weightBits(stage.window()));
    return new WindowArea.Layer(
        stage.window().operation(),
        stage.input().type(),
        weightBits,
        stage.window().accumulator(),
        stage.window().requantizers().adders(),
        stage.window().requantizers().multiplier().filter(target::computes).map(m -> m),
        stage.output().type(),
        stage.window().outputs().size());
  }

  /** Whether requantizers can scale with a multiplier. */
  boolean canScale() {
    return scales;
  }

  /** The area of a layout with everything else that {@code folding} says. */
  Area of(Option option, Folding folding) {
    return known.computeIfAbsent(new Case(option, folding), unused -> estimate(option, folding));
  }

  private Area estimate(Option option, Folding folding) {
    LaneLayout layout = option.layout();
    if (layout.isBroadcast()) {
      return folding.words() == WordSource.ROTATED
          ? ofBlocks(option)
          : ofMatrix(option, folding.words() == WordSource.CODED);
    }
    WindowBuffer buffer = layer.buffer(layout, folding.buffering());
    int ports = layout.isShared() ? layout.ports() * layout.copies() : option.lanes();
    return area.of(
        new WindowArea.Layout(
            layout.block(),
            layout.copies(),
            layout.clusters(),
            option.lanes(),
            folding.products() == ProductForm.ADDERS ? 0 : option.multipliers(),
            ports,
            ports,
            steps(option),
            folding.buffering().inputElements(),
            buffer.words(),
            buffer.banks().count(),
            folding.rescaling() == RescalingForm.MULTIPLIER && canScale()));
  }

  private Area ofMatrix(Option option, boolean coded) {
    int clusters = option.layout().clusters();
    int steps =
        MatrixUnit.steps(
            (int) option.busy(), layer.outputs().size() / clusters, option.buffering().ahead());
    return area.ofMatrix(
        layer.frame().elements(),
        option.buffering().inputElements(),
        clusters,
        option.lanes(),
        steps,
        option.buffering().ahead(),
        coded ? Optional.of(code()) : Optional.empty());
  }

  private Area ofBlocks(Option option) {
    return area.ofBlocks(
        layer.frame().elements(),
        option.buffering().inputElements(),
        option.layout().clusters(),
        option.lanes(),
        layer.rotatedSteps(option.layout()),
        option.buffering().ahead(),
        layer.circulant().orElseThrow());
  }

  private MatrixCode.Traits code() {
    if (code == null) {
      code = MatrixWords.code(layer);
    }
    return code;
  }

  private int steps(Option option) {
    return (int) Math.max(1, option.busy() * option.layout().block() / layer.pixels());
  }
}
