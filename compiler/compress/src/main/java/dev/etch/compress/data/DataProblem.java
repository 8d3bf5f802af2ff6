// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.data;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import java.nio.file.Path;

/** Diagnostics about files of data. */
final class DataProblem {
  /** Elements of a data set that are held in memory at most. */
  static final long MOST_ELEMENTS = 1L << 30;

  private DataProblem() {}

  static DiagnosticException in(Path file, String message, String help) {
    return in(file.toString(), message, help);
  }

  /** In a file, or in an entry of an archive, which has no path of its own. */
  static DiagnosticException in(String file, String message, String help) {
    return new DiagnosticException(Location.file(file), message, help);
  }

  /** Refuses sizes that no data set has, before memory is asked for. */
  static int elements(String file, long... extents) {
    long elements = 1;
    for (long extent : extents) {
      if (extent < 0 || extent > MOST_ELEMENTS) {
        throw in(file, "says that it has an extent of " + extent, "it is damaged; fetch it again");
      }
      elements *= extent;
      if (elements > MOST_ELEMENTS) {
        throw in(
            file,
            "says that it has more than 2^30 elements",
            "give a part of it, or fetch it again");
      }
    }
    return (int) elements;
  }
}
