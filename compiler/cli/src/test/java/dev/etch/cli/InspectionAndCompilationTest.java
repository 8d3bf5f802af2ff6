// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code inspect} accepts, {@code compile} accepts with the same options, and what it refuses,
 * {@code compile} refuses in the same words ({@code inspect} has warnings beside them). More
 * networks with {@code -Detch.randomLayers=1000}.
 */
class InspectionAndCompilationTest {
  private static final int MODELS = Integer.getInteger("etch.randomLayers", 8);
  private static final long FIRST = Long.getLong("etch.randomSeed", 1);
  private static int accepted;
  private static int refused;

  @TempDir private Path folder;

  @AfterAll
  static void print() {
    System.out.println(accepted + " models accepted, " + refused + " refused");
    assertTrue(MODELS < 8 || (accepted > 0 && refused > 0), "nothing was compared");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--strict"})
  void areOfOneMind(String option) throws IOException {
    List<String> options = option.isEmpty() ? List.of() : List.of(option);
    for (long seed = FIRST; seed < FIRST + MODELS; seed++) {
      String model = RandomQuantizedModel.text(seed);
      Path file = Files.writeString(folder.resolve("model.etch"), model);
      CapturedRun inspected = run("inspect", file, options, List.of());
      CapturedRun compiled =
          run("compile", file, options, List.of("-o", folder.resolve("design").toString()));
      String what = "seed " + seed + "\n" + model + inspected.err() + "\n" + compiled.err();
      assertEquals(inspected.code(), compiled.code(), what);
      if (inspected.code() == ExitCode.FINE) {
        accepted++;
      } else {
        refused++;
        assertTrue(inspected.err().contains(compiled.err()), what);
      }
    }
  }

  private static CapturedRun run(
      String command, Path model, List<String> options, List<String> more) {
    List<String> arguments = new ArrayList<>(List.of(command, model.toString()));
    arguments.addAll(options);
    arguments.addAll(more);
    return CapturedRun.of(arguments.toArray(String[]::new));
  }
}
