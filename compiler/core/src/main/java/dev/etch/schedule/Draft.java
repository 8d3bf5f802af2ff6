// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.Design;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WindowUnit;
import dev.etch.lower.Folding;
import dev.etch.lower.LoweredModel;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A design to compare with others: as fast as what becomes of it, but with queues that may be
 * deeper than needed. What has been played for it is not played again when it is finished.
 */
final class Draft {
  private final LoweredModel shallow;
  private final Mapping mapping;
  private final FifoSizing sizing;

  /** 0 until it is asked for. */
  private long lasting;

  /**
   * A draft.
   *
   * @param shallow with queues of the least depth
   * @param mapping complete
   */
  Draft(LoweredModel shallow, Mapping mapping) {
    this.shallow = shallow;
    this.mapping = mapping;
    this.sizing = new FifoSizing(shallow.design(), mapping.target());
  }

  Mapping mapping() {
    return mapping;
  }

  Design design() {
    return sizing.design();
  }

  /** As a few frames show. */
  long cyclesPerFrame() {
    return sizing.played().result().cyclesPerFrame();
  }

  /** As it goes on: for designs that differ by little. */
  long lastingCyclesPerFrame() {
    if (lasting == 0) {
      lasting = CycleModel.lastingCyclesPerFrame(sizing.played());
    }
    return lasting;
  }

  /** The mapping without what the hardware does not have. */
  private Mapping built() {
    Map<String, Folding> foldings = new LinkedHashMap<>(mapping.layers());
    for (Unit unit : design().units()) {
      if (unit instanceof WindowUnit window) {
        foldings.computeIfPresent(window.layer(), (layer, folding) -> folding.asBuilt(window));
      }
    }
    return mapping.withLayers(foldings);
  }

  /** With queues as deep as needed, and its prediction. */
  ScheduledDesign finish() {
    sizing.shrink();
    CycleResult prediction = CycleModel.run(sizing.played());
    return new ScheduledDesign(
        shallow.withDesign(sizing.design()),
        built(),
        prediction,
        UnitStatistics.of(sizing.design(), prediction.cyclesPerFrame()));
  }
}
