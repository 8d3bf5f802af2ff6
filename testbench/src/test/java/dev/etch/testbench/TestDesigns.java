// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Hand-written Verilog among the test resources. */
final class TestDesigns {
  private TestDesigns() {}

  /** Folder of a design. */
  static Path rtl(String name) {
    try {
      return Path.of(TestDesigns.class.getResource("/rtl/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Simulator of {@code increment.v}. */
  static Path increment(boolean trace) {
    return new VerilatorBuild(SimulatorCache.standard())
        .build(new VerilatorBuild.Request(rtl("increment"), "increment", Optimization.NONE, trace));
  }
}
