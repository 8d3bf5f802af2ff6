// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;

/** A sample model, compiled with a mapping that stands beside it. */
record CompiledSample(Path design) {
  static CompiledSample of(Path sample, String model, String mapping, Path folder) {
    Path design = folder.resolve("design");
    CapturedRun compiled =
        CapturedRun.of(
            "compile",
            sample.resolve(model).toString(),
            "-m",
            sample.resolve(mapping).toString(),
            "-o",
            design.toString());
    assertEquals(ExitCode.FINE, compiled.code(), compiled.err());
    return new CompiledSample(design);
  }

  /** A few frames, with stalls. */
  void verify() {
    CapturedRun verified =
        CapturedRun.of("verify", design.toString(), "--random", "4", "--stall", "0.3");
    assertEquals(ExitCode.FINE, verified.code(), verified.out() + verified.err());
  }
}
