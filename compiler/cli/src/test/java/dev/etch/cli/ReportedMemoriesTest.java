// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sample models; {@link MlperfTinyMappingTest} checks those of MLPerf Tiny. */
class ReportedMemoriesTest {
  private static final Path MODELS = Path.of(System.getProperty("etch.root"), "testbench/models");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "lenet5-fashion/lenet5.onnx, 32",
    "lenet5-fashion/lenet5.onnx, 3",
    "lenet5-fashion/lenet5-dense.onnx, 8",
    "tiny/tiny.etch, 4"
  })
  void areThoseOfTheVerilog(String model, int multipliers) throws IOException {
    String file = MODELS.resolve(model).toString();
    CapturedRun compiled =
        CapturedRun.of(
            "compile", file, "--multipliers", "" + multipliers, "-o", folder + "/design");
    assertEquals(ExitCode.FINE, compiled.code(), compiled.err());
    ReportedMemories.check(folder.resolve("design"));
  }
}
