// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.ConstantUnit;

/** Counter and reader of a {@link ConstantUnit}. */
final class ConstantModel implements UnitModel {
  private final QueueState input;
  private final QueueState output;
  private final int beatsIn;
  private final int beatsOut;
  private final boolean[] valid = new boolean[ConstantUnit.STAGES];
  private int frames;
  private int arrived;
  private int taken;

  ConstantModel(ConstantUnit unit, QueueState input, QueueState output) {
    this.input = input;
    this.output = output;
    this.beatsIn = unit.input().beatsPerFrame();
    this.beatsOut = unit.output().beatsPerFrame();
  }

  @Override
  public boolean step(long now) {
    boolean pops = input.canPop() && (arrived > 0 || frames < ConstantUnit.MOST_FRAMES);
    boolean active = move(frames > 0);
    if (pops) {
      input.pop();
      frames += arrived == 0 ? 1 : 0;
      arrived = (arrived + 1) % beatsIn;
    }
    return active || pops;
  }

  private boolean move(boolean takes) {
    int last = ConstantUnit.STAGES - 1;
    boolean active = false;
    boolean room = output.canPush();
    for (int stage = last; stage >= 0; stage--) {
      if (valid[stage] && room) {
        active = true;
        valid[stage] = false;
        if (stage == last) {
          output.push();
        } else {
          valid[stage + 1] = true;
        }
      }
      room = !valid[stage];
    }
    if (takes && room) {
      active = true;
      valid[0] = true;
      taken = (taken + 1) % beatsOut;
      frames -= taken == 0 ? 1 : 0;
    }
    return active;
  }

  @Override
  public void record(StateRecord state, long now) {
    state.add(valid);
    state.add(frames);
    state.add(arrived);
    state.add(taken);
  }
}
