// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer;

import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Models that lie outside of the repository; in CI they must be there. */
public final class SharedModels {
  private SharedModels() {}

  /** A file or folder under {@code shared/models}; aborts the test, or fails it in CI. */
  public static Path require(String name) {
    Path path = folder().resolve("models").resolve(name);
    if (!Files.exists(path)) {
      missing("shared/models/" + name + " is not here (set ETCH_SHARED to the shared folder)");
    }
    return path;
  }

  /** Aborts the test, or fails it in CI. */
  public static void missing(String message) {
    if ("true".equals(System.getenv("CI"))) {
      fail(message);
    }
    Assumptions.abort(message);
  }

  private static Path folder() {
    String shared = System.getenv("ETCH_SHARED");
    return shared != null
        ? Path.of(shared)
        : Path.of(System.getProperty("etch.root"), "..", "shared");
  }
}
