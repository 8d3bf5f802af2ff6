// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a JVM that ends early leaves behind: nothing. */
class CleanupTest {
  @TempDir private Path folder;

  /** The JVM that ends: it starts a program, makes files, and waits to be ended. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
      Path made = Files.createDirectories(Path.of(arguments[0], "made", "inside"));
      Path kept = Files.createFile(Path.of(arguments[0], "kept"));
      Process program = new ProcessBuilder("sleep", "600").start();
      Cleanup.atExit(made.getParent());
      Cleanup.atExit(kept);
      Cleanup.forget(kept);
      Cleanup.atExit(program);
      System.out.println(program.pid());
      Thread.sleep(600_000);
    }
  }

  @Test
  void endsProgramsAndDeletesFilesWhenTheJvmIsEnded() throws IOException, InterruptedException {
    Process victim =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    place(CleanupTest.class) + File.pathSeparator + place(Cleanup.class),
                    Victim.class.getName(),
                    folder.toString()))
            .redirectErrorStream(true)
            .start();
    long program =
        Long.parseLong(new String(victim.inputReader(StandardCharsets.UTF_8).readLine()).strip());
    assertTrue(ProcessHandle.of(program).isPresent());
    victim.destroy();
    assertTrue(victim.waitFor(60, TimeUnit.SECONDS));
    assertFalse(ProcessHandle.of(program).map(ProcessHandle::isAlive).orElse(false));
    assertFalse(Files.exists(folder.resolve("made")));
    assertTrue(Files.exists(folder.resolve("kept")));
    assertEquals(143, victim.exitValue());
  }

  private static String place(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation().getPath();
  }
}
