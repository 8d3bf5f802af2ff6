// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.area.Device;
import dev.etch.hardware.Design;
import dev.etch.templates.script.ScriptFiles;
import dev.etch.testbench.synthesis.PlaceAndRoute;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntConsumer;

/** Place and route of a compiled folder. */
final class Routing {
  private Routing() {}

  /**
   * Places and routes with the seeds from 1 on.
   *
   * @param on a device that can be placed
   * @param luts that Yosys counted, which say what clock may be expected
   * @param finished is told how many seeds are finished
   */
  static SynthReport.Route route(
      Compilation compilation, Path folder, Device on, long luts, int seeds, IntConsumer finished)
      throws IOException {
    double clock = Clocks.aim(compilation.scheduled().mapping(), on, luts);
    Design design = compilation.design();
    return SynthReport.Route.of(
        on,
        PlaceAndRoute.tools(on),
        clock,
        PlaceAndRoute.run(
            folder.resolve(CompiledFolder.RTL),
            ScriptFiles.pins(design, Companions.flow(on.target()), clock),
            design.name(),
            on,
            clock,
            seeds,
            finished));
  }
}
