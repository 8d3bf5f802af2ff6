// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What must not outlive this JVM: programs that it started, and files and folders that are only
 * useful while it runs. If it ends early (Ctrl-C, SIGTERM), programs are ended with all that they
 * started, and the files deleted.
 */
final class Cleanup {
  private static final Set<Process> PROCESSES = ConcurrentHashMap.newKeySet();
  private static final Set<Path> PATHS = ConcurrentHashMap.newKeySet();
  private static final long PATIENCE_MILLISECONDS = 20;
  private static final int TRIES = 25;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Cleanup::run, "etch-cleanup"));
  }

  private Cleanup() {}

  /** Remembers a program until {@link #forget}. */
  static void atExit(Process process) {
    PROCESSES.add(process);
  }

  /** Remembers a file, or a folder with all in it, until {@link #forget}. */
  static void atExit(Path path) {
    PATHS.add(path);
  }

  static void forget(Process process) {
    PROCESSES.remove(process);
  }

  static void forget(Path path) {
    PATHS.remove(path);
  }

  private static void run() {
    for (Process process : PROCESSES) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    // A program that is ending, or a thread of ours, may still write into a folder.
    for (int i = 0; i < TRIES && !PATHS.isEmpty(); i++) {
      PATHS.removeIf(Cleanup::deleted);
      sleep();
    }
  }

  private static boolean deleted(Path path) {
    try {
      SimulatorCache.delete(path);
      return !Files.exists(path);
    } catch (IOException | java.io.UncheckedIOException e) {
      return false;
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(PATIENCE_MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
