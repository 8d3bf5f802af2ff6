// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.testbench.ToolMissingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;

/** Turns what a command threw into a message and an exit code. */
final class Failures {
  private Failures() {}

  static int report(Exception failure, PrintWriter err) {
    if (failure instanceof DiagnosticException input) {
      input.diagnostics().forEach(err::println);
      return ExitCode.BAD_INPUT;
    }
    if (failure instanceof ToolMissingException missing) {
      err.println("error: " + missing.getMessage());
      return ExitCode.TOOL_MISSING;
    }
    if (failure instanceof UncheckedIOException io) {
      return report(io.getCause(), err);
    }
    if (failure instanceof IOException io) {
      err.println("error: " + describe(io));
      return ExitCode.BAD_INPUT;
    }
    return reportBug(failure, err);
  }

  private static String describe(IOException io) {
    return io instanceof FileSystemException file
        ? file.getFile() + ": " + reason(file)
        : reason(io);
  }

  /** Why reading or writing failed, without the path. */
  static String reason(IOException io) {
    if (io instanceof FileSystemException file) {
      return file.getReason() == null ? kind(file) : file.getReason();
    }
    return String.valueOf(io.getMessage());
  }

  private static String kind(FileSystemException file) {
    return switch (file.getClass().getSimpleName()) {
      case "NoSuchFileException" -> "no such file";
      case "AccessDeniedException" -> "access denied";
      case "FileAlreadyExistsException" -> "already exists";
      case "DirectoryNotEmptyException" -> "the folder is not empty";
      default -> "cannot be read or written";
    };
  }

  private static int reportBug(Exception failure, PrintWriter err) {
    failure.printStackTrace(err);
    err.println();
    err.println("This is a bug in Etch, not a fault of your model. Please report it with the");
    err.println(
        "command, the lines above and, if you may share it, the model: see CONTRIBUTING.md.");
    return ExitCode.BUG;
  }
}
