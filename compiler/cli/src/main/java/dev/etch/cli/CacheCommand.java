// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.testbench.SimulatorCache;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code etch cache}: the built simulators. */
@Command(
    name = "cache",
    mixinStandardHelpOptions = true,
    description = "Shows where built simulators are kept and how large they are, or deletes them.",
    footerHeading = "%nExamples:%n",
    footer = {"  etch cache", "  etch cache --clear"})
final class CacheCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--clear", description = "Delete them all.")
  private boolean clears;

  private final SimulatorCache cache;

  CacheCommand() {
    this(SimulatorCache.standard());
  }

  CacheCommand(SimulatorCache cache) {
    this.cache = cache;
  }

  @Override
  public Integer call() throws IOException {
    if (clears) {
      cache.clear();
    }
    new Console(spec)
        .print(
            String.format(
                Locale.ROOT,
                "%s: %d builds, %.1f MB; above %d MB, those not used for longest are deleted",
                cache.folder(),
                cache.builds(),
                cache.bytes() / 1e6,
                SimulatorCache.LIMIT_BYTES / 1_000_000));
    return ExitCode.FINE;
  }
}
