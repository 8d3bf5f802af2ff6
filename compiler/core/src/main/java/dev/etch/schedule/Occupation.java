// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.Design;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.SharedArray;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WindowUnit;
import java.util.HashMap;
import java.util.Map;

/** For how many cycles of a frame schedules run: no design makes frames faster for long. */
final class Occupation {
  private Occupation() {}

  /** Of one unit. */
  static long of(WindowUnit unit) {
    return unit.walk().pixels() * (long) unit.program().steps();
  }

  /** Of the window or matrix that works longest, or of the array whose units do together. */
  static long most(Design design) {
    long most = 0;
    Map<SharedArray, Long> arrays = new HashMap<>();
    for (Unit unit : design.units()) {
      if (unit instanceof WindowUnit window) {
        long cycles = of(window);
        most = Math.max(most, cycles);
        design.arrayOf(unit).ifPresent(array -> arrays.merge(array, cycles, Long::sum));
      } else if (unit instanceof MatrixUnit matrix) {
        most = Math.max(most, matrix.cyclesPerFrame());
      }
    }
    return arrays.values().stream().reduce(most, Math::max);
  }
}
