// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.testbench.SimulationException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The process of a simulator and its two pipes; {@link SimulatedAccelerator} has the protocol. */
final class SimulatorProcess implements AutoCloseable {
  private static final long EXIT_SECONDS = 5;

  private final Process process;
  private final Path errors;
  private final SimulatorChannel channel;

  private SimulatorProcess(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    this.channel = new SimulatorChannel(process);
  }

  /** Starts an executable; what it prints on standard error is kept for messages. */
  static SimulatorProcess start(Path executable) {
    Path errors = null;
    try {
      errors = Files.createTempFile("etch-simulator", ".log");
      Cleanup.atExit(errors);
      Process process =
          new ProcessBuilder(executable.toAbsolutePath().toString())
              .redirectError(errors.toFile())
              .start();
      Cleanup.atExit(process);
      return new SimulatorProcess(process, errors);
    } catch (IOException e) {
      throw new SimulationException(
          Kind.PROCESS, "cannot start the simulator " + executable + messages(errors), e);
    }
  }

  /** Numbers in and out. */
  SimulatorChannel channel() {
    return channel;
  }

  /** Whether it has not ended. */
  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it at once. */
  void destroy() {
    process.destroyForcibly();
  }

  /** What is written to and read from the pipes. */
  interface Command<T> {
    T run() throws IOException;
  }

  /**
   * Runs a command.
   *
   * @throws SimulationException if the process ends meanwhile, with what it printed
   */
  <T> T command(Command<T> command) {
    try {
      return command.run();
    } catch (IOException e) {
      throw new SimulationException(
          Kind.PROCESS, "the simulator ended unexpectedly" + messages(errors), e);
    }
  }

  /**
   * Sends what was written and reads the first letter of the reply; always true.
   *
   * @throws SimulationException if the reply is an error
   */
  boolean acknowledged() throws IOException {
    channel.flush();
    int tag = channel.readByte();
    if (tag != 'A') {
      throw failure(tag);
    }
    return true;
  }

  /** What a reply other than the expected one means. */
  SimulationException failure(int tag) throws IOException {
    if (tag != 'E') {
      return new SimulationException(Kind.PROCESS, "unexpected reply " + tag);
    }
    Kind kind =
        switch (channel.readByte()) {
          case 1 -> Kind.DEADLOCK;
          case 2 -> Kind.PROTOCOL;
          case 4 -> Kind.REGISTER;
          default -> Kind.USAGE;
        };
    return new SimulationException(kind, channel.readText());
  }

  private static String messages(Path errors) {
    try {
      String text = errors == null ? "" : Files.readString(errors).strip();
      return text.isEmpty() ? "" : ": " + text;
    } catch (IOException e) {
      return "";
    }
  }

  /** Ends the process. */
  @Override
  public void close() {
    try {
      if (process.isAlive()) {
        channel.writeByte('X');
        channel.flush();
      }
      if (!process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } finally {
      Cleanup.forget(process);
      Cleanup.forget(errors);
      deleteErrors();
    }
  }

  private void deleteErrors() {
    try {
      Files.deleteIfExists(errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
