// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end, without a shell. */
public final class ToolRunner {
  private static final int SHOWN_CHARACTERS = 4000;

  private ToolRunner() {}

  /** What a program printed (both channels) and its exit code. */
  public record Outcome(int exitCode, String output) {}

  /** Whether a program of this name is on the PATH. */
  public static boolean isPresent(String tool) {
    String path = System.getenv("PATH");
    if (path == null) {
      return false;
    }
    for (String folder : path.split(java.io.File.pathSeparator, -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, tool))) {
        return true;
      }
    }
    return false;
  }

  /** Throws unless a program of this name is on the PATH. */
  public static void require(String tool, String debianPackage) {
    if (!isPresent(tool)) {
      throw new ToolMissingException(tool, debianPackage);
    }
  }

  /** Runs a program; its output goes through a file so that no pipe can fill up. */
  public static Outcome run(Path folder, long timeoutSeconds, List<String> command) {
    Path log = null;
    Process process = null;
    try {
      log = Files.createTempFile("etch-tool", ".log");
      Cleanup.atExit(log);
      process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .redirectOutput(log.toFile())
              .start();
      Cleanup.atExit(process);
      boolean ended = waitFor(process, timeoutSeconds);
      String output = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
      if (!ended) {
        throw new SimulationException(
            SimulationException.Kind.BUILD,
            command.get(0) + " did not end within " + timeoutSeconds + " s");
      }
      return new Outcome(process.exitValue(), output);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command.get(0), e);
    } finally {
      if (process != null) {
        Cleanup.forget(process);
      }
      deleteQuietly(log);
    }
  }

  /** Runs a program that must succeed. */
  public static String runChecked(Path folder, long timeoutSeconds, List<String> command) {
    Outcome outcome = run(folder, timeoutSeconds, command);
    if (outcome.exitCode() != 0) {
      throw new SimulationException(
          SimulationException.Kind.BUILD,
          command.get(0)
              + " failed with exit code "
              + outcome.exitCode()
              + ":\n"
              + shortened(outcome.output()));
    }
    return outcome.output();
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN_CHARACTERS
        ? text.strip()
        : text.substring(0, SHOWN_CHARACTERS) + "\n...";
  }

  private static boolean waitFor(Process process, long timeoutSeconds) {
    try {
      if (process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
        return true;
      }
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
      return false;
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new SimulationException(SimulationException.Kind.PROCESS, "interrupted", e);
    }
  }

  private static void deleteQuietly(Path file) {
    if (file != null) {
      Cleanup.forget(file);
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        file.toFile().deleteOnExit();
      }
    }
  }
}
