// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The outputs of a model with several, as a framework gave them: {@code MODEL.expected.OUTPUT.bin}
 * for each beside the model and its frames, {@code MODEL.in.bin}.
 */
final class ExpectedOutputs {
  private ExpectedOutputs() {}

  /** Runs the reference, which has to give exactly these files; returns how many there are. */
  static int check(Path model, Path folder) throws IOException {
    String file = model.getFileName().toString();
    String name = file.substring(0, file.lastIndexOf('.'));
    CapturedRun run =
        CapturedRun.of(
            "run",
            model.toString(),
            "--input",
            model.resolveSibling(name + ".in.bin").toString(),
            "--output",
            folder.resolve(name + ".bin").toString());
    assertEquals(0, run.code(), run.err());
    List<Path> expected = files(model.getParent(), name + ".expected.");
    assertTrue(expected.size() > 1, name);
    for (Path wanted : expected) {
      String output = wanted.getFileName().toString().replace(".expected.", ".");
      assertArrayEquals(
          Files.readAllBytes(wanted), Files.readAllBytes(folder.resolve(output)), output);
    }
    assertEquals(expected.size(), files(folder, name + ".").size());
    return expected.size();
  }

  private static List<Path> files(Path folder, String beginning) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(beginning))
          .filter(file -> file.toString().endsWith(".bin"))
          .toList();
    }
  }
}
