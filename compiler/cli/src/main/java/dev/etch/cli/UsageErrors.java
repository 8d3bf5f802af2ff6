// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line what is wrong with a command line, and in the next what to do. */
final class UsageErrors {
  private UsageErrors() {}

  static int report(ParameterException error, String[] arguments) {
    CommandLine command = error.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("error: " + message(error));
    err.println("  help: " + help(error, command));
    err.flush();
    return ExitCode.BAD_INPUT;
  }

  private static String message(ParameterException error) {
    if (error instanceof UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().get(0);
      return (first.startsWith("-") ? "unknown option " : "unexpected argument ") + first;
    }
    String text = String.valueOf(error.getMessage()).replaceFirst("^Error: ", "");
    return Character.toLowerCase(text.charAt(0)) + text.substring(1);
  }

  private static String help(ParameterException error, CommandLine command) {
    if (error instanceof UnmatchedArgumentException unmatched) {
      List<String> similar = unmatched.getSuggestions();
      if (!similar.isEmpty()) {
        return "did you mean " + String.join(", ", similar) + "?";
      }
    }
    return command.getCommandSpec().qualifiedName(" ") + " --help shows what there is";
  }
}
