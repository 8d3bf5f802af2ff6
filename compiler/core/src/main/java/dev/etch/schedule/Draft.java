// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.Design;
import dev.etch.lower.LoweredModel;

/**
 * A design to compare with others: as fast as what becomes of it, but with queues that may be
 * deeper than needed. What has been played for it is not played again when it is finished.
 */
final class Draft {
  private final LoweredModel shallow;
  private final Mapping mapping;
  private final FifoSizing sizing;

  /**
   * A draft.
   *
   * @param shallow with queues of the least depth
   * @param mapping complete
   */
  Draft(LoweredModel shallow, Mapping mapping) {
    this.shallow = shallow;
    this.mapping = mapping;
    this.sizing = new FifoSizing(shallow.design());
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

  /** With queues as deep as needed, and its prediction. */
  ScheduledDesign finish() {
    sizing.shrink();
    CycleResult prediction = CycleModel.run(sizing.played());
    return new ScheduledDesign(
        new LoweredModel(shallow.model(), sizing.design(), shallow.meanings()),
        mapping,
        prediction,
        UnitStatistics.of(sizing.design(), prediction.cyclesPerFrame()));
  }
}
