// SPDX-License-Identifier: Apache-2.0
package dev.etch.diagnostic;

import java.util.Objects;

/** Where in the user's input something is wrong. Prints as a compiler would print it. */
public sealed interface Location
    permits Location.OfFile, Location.OfNode, Location.OfText, Location.OfOption {

  /** A whole file. */
  static Location file(String file) {
    return new OfFile(file);
  }

  /** A node of the model in {@code file}. */
  static Location node(String file, String node, String operator) {
    return new OfNode(file, node, operator);
  }

  /** A place in a text file; {@code line} counts from 1, {@code column} from 1. */
  static Location text(String file, int line, int column, String sourceLine) {
    return new OfText(file, line, column, sourceLine, column);
  }

  /** A command-line option. */
  static Location option(String option) {
    return new OfOption(option);
  }

  /** A file as a whole. */
  record OfFile(String file) implements Location {
    public OfFile {
      Objects.requireNonNull(file);
    }

    @Override
    public String toString() {
      return file;
    }
  }

  /** A node of a model file: its name and its operator as the file spells them. */
  record OfNode(String file, String node, String operator) implements Location {
    public OfNode {
      Objects.requireNonNull(file);
      Objects.requireNonNull(node);
      Objects.requireNonNull(operator);
    }

    @Override
    public String toString() {
      return file + ": node '" + Printable.of(node) + "' (" + Printable.of(operator) + ")";
    }
  }

  /**
   * A line and column of a text file.
   *
   * @param excerpt the line, or the part of a long line around the column
   * @param caret column of the place within the excerpt, from 1
   */
  record OfText(String file, int line, int column, String excerpt, int caret) implements Location {
    public OfText {
      Objects.requireNonNull(file);
      Objects.requireNonNull(excerpt);
    }

    @Override
    public String toString() {
      return file + ":" + line + ":" + column;
    }
  }

  /** An option of the command line. */
  record OfOption(String option) implements Location {
    public OfOption {
      Objects.requireNonNull(option);
    }

    @Override
    public String toString() {
      return option;
    }
  }
}
