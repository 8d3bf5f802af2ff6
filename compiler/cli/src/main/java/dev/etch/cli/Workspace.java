// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.hardware.Identifiers;
import java.nio.file.Path;
import java.util.Set;

/** The folder that Etch was cloned to, which the launcher passes on. */
final class Workspace {
  private Workspace() {}

  /** The clone; the working folder when started without the launcher. */
  static Path root() {
    return Path.of(System.getProperty("etch.root", "."));
  }

  /** {@code hdl-out/<model>} in the working folder. */
  static Path defaultOutput(Path model) {
    return Path.of("hdl-out").resolve(designName(model));
  }

  /** A name for the accelerator, made from the model's file name. */
  static String designName(Path model) {
    String file = String.valueOf(model.getFileName());
    int dot = file.lastIndexOf('.');
    return Identifiers.make(dot > 0 ? file.substring(0, dot) : file, "etch", Set.of());
  }
}
