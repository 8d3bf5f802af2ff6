// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.area.Area;
import dev.etch.area.Device;
import dev.etch.area.Shortage;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.hardware.Target;
import dev.etch.schedule.Budget;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Warns of a design that is larger than every device of its family. */
final class Placeability {
  private Placeability() {}

  static void check(Graph graph, Area area, Target target, DiagnosticCollector diagnostics) {
    List<Device> devices = Device.of(target);
    if (devices.stream().noneMatch(device -> shortages(area, device).isEmpty())) {
      Device largest = devices.stream().max(Comparator.comparing(Device::luts)).orElseThrow();
      diagnostics.warning(
          Location.file(graph.name()),
          "no device that Etch knows holds this design; on the largest, "
              + largest.id()
              + ", it takes about "
              + shortages(area, largest).stream()
                  .map(Shortage::toString)
                  .collect(Collectors.joining("; ")),
          "give fewer multipliers, or prune and quantize the model further; --device NAME searches"
              + " for a design that fits");
    }
  }

  private static List<Shortage> shortages(Area area, Device device) {
    return Budget.Resources.of(device).shortages(area, device.target());
  }
}
