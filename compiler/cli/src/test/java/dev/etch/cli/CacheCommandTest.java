// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.testbench.SimulatorCache;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code etch cache}: what it says of a folder, and what it deletes there. */
class CacheCommandTest {
  @TempDir private Path folder;

  private String cache(String... options) {
    StringWriter text = new StringWriter();
    CommandLine command = new CommandLine(new CacheCommand(new SimulatorCache(folder)));
    command.setOut(new PrintWriter(text));
    assertEquals(ExitCode.FINE, command.execute(options));
    return text.toString();
  }

  @Test
  void aCacheThatWasNeverUsedIsEmpty() throws IOException {
    Files.delete(folder);
    assertTrue(cache().contains(": 0 builds, 0.0 MB"), cache());
    assertTrue(cache("--clear").contains(": 0 builds"), cache());
  }

  @Test
  void showsAndDeletesBuildsAndNothingElse() throws IOException {
    Path build = Files.createDirectories(folder.resolve("sim-0123"));
    Files.write(build.resolve("simulator"), new byte[2_000_000]);
    Path other = Files.createDirectories(folder.resolve("tools"));
    assertTrue(cache().contains(folder + ": 1 builds, 2.0 MB; above 1073 MB"), cache());
    assertTrue(Files.exists(build), "only --clear deletes");
    assertTrue(cache("--clear").contains(": 0 builds, 0.0 MB"), cache());
    assertFalse(Files.exists(build));
    assertTrue(Files.exists(other));
  }
}
