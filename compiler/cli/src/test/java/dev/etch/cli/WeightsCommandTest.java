// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One compilation, and weights of other trainings. */
class WeightsCommandTest {
  private static final Path TINY =
      Path.of(System.getProperty("etch.root")).resolve("testbench/models/tiny/tiny.etch");

  /** First weights of its convolution. */
  private static final String WEIGHTS = "[3, 0, 0, -2, 5,";

  /** First weights of its dense layer. */
  private static final String DENSE = "[1, 0, 0, -3, 0, 2,";

  private static final String OTHER_DENSE = "[0, 3, 0, 0, 1, 2,";

  private static final String OUTSIDE =
      """
      mapping
      target generic
      memory {dataBits = 64, latency = 20, cyclesPerBeat = 1, refreshBeats = 780, refreshCycles = 16}
      layer "dense" {block = 1, copies = 1, clusters = 1, ports = 2, group = 1, inputElements = 1, addressing = BROADCAST, weights = EXTERNAL, ahead = false, banked = false, logic = false, scaling = false}
      """;

  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void compile() {
    folder = temporary.resolve("compiled");
    assertEquals(0, compiled("--weights", "reloadable", "--headroom", "30%").code());
  }

  private CapturedRun compiled(String... options) {
    String[] all = new String[options.length + 7];
    String[] first = {"compile", TINY.toString(), "--multipliers", "4", "-o", folder.toString()};
    System.arraycopy(first, 0, all, 0, 6);
    all[6] = "--force";
    System.arraycopy(options, 0, all, 7, options.length);
    return CapturedRun.of(all);
  }

  private Path trained(String weights) throws IOException {
    String text = Files.readString(TINY);
    assertTrue(text.contains(WEIGHTS), text);
    return Files.writeString(temporary.resolve("other.etch"), text.replace(WEIGHTS, weights));
  }

  private CapturedRun weights(Path model, Path file, String... options) {
    String[] all = new String[options.length + 5];
    String[] first = {"weights", folder.toString(), model.toString(), "-o", file.toString()};
    System.arraycopy(first, 0, all, 0, 5);
    System.arraycopy(options, 0, all, 5, options.length);
    return CapturedRun.of(all);
  }

  private CapturedRun verify(Path file) {
    return CapturedRun.of(
        "verify", folder.toString(), "--weights", file.toString(), "--random", "40");
  }

  private static void assertRefused(String why, CapturedRun run) {
    assertEquals(2, run.code(), run.toString());
    assertTrue(run.err().contains(why), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
  }

  @Test
  void otherWeightsRunOnTheSameVerilog() throws IOException {
    Path file = temporary.resolve("w.bin");
    Path driver = temporary.resolve("driver");
    CapturedRun made = weights(trained("[0, 4, 1, -2, 0,"), file, "--driver", driver.toString());
    assertEquals(0, made.code(), made.err());
    assertTrue(made.out().contains("48 cycles per frame (predicted)"), made.out());
    assertTrue(Files.isRegularFile(driver.resolve("pom.xml")));
    CapturedRun verified = verify(file);
    assertEquals(0, verified.code(), verified.toString());
    assertTrue(verified.out().contains("0 differ"), verified.out());
    assertEquals(0, verify(folder.resolve("weights.bin")).code());
  }

  @Test
  void weightsBeyondTheHeadroomAreRefused() throws IOException {
    Path file = temporary.resolve("w.bin");
    assertRefused("% too far", weights(trained("[90, 90, 90, -90, 90,"), file));
    assertFalse(Files.exists(file));
  }

  @Test
  void damagedAndForeignFilesAreRefused() throws IOException {
    Path own = folder.resolve("weights.bin");
    byte[] bytes = Files.readAllBytes(own);
    bytes[40] ^= 4;
    Path damaged = Files.write(temporary.resolve("damaged.bin"), bytes);
    assertRefused("is damaged: its checksum is wrong", verify(damaged));
    assertRefused("is no file of weights", verify(TINY));
    assertRefused("is no file", verify(temporary.resolve("nothing")));
    Path kept = Files.copy(own, temporary.resolve("kept.bin"));
    assertEquals(0, compiled("--weights", "reloadable", "--headroom", "90%").code());
    assertRefused("is for another design", verify(kept));
  }

  /** Its own weights are there already, so others have to show that words arrive. */
  @ParameterizedTest
  @ValueSource(strings = {"cluster0_zero_ram", "schedule2_part0_ram", "schedule6_part0_ram"})
  void aMemoryThatIsNotWrittenIsNoticed(String memory) throws IOException {
    Path rtl = folder.resolve("rtl/etch_example.v");
    String text = Files.readString(rtl);
    String write = "if((" + memory + "_hit && load_awake))";
    assertTrue(text.contains(write), memory);
    Files.writeString(rtl, text.replaceFirst(Pattern.quote(write), "if(1'b0)"));
    CapturedRun run = CapturedRun.of("verify", folder.toString(), "--random", "3", "--jobs", "1");
    assertEquals(1, run.code(), run.toString());
  }

  /** The words of the dense layer stand in a memory outside, and the file has those of another. */
  @Test
  void wordsOutsideAreOfTheSameFile() throws IOException {
    Path mapping = Files.writeString(temporary.resolve("outside.etch"), OUTSIDE);
    String[] options = {"--weights", "reloadable", "--headroom", "200%", "-m", mapping.toString()};
    assertEquals(0, mapped(options).code());
    Path file = temporary.resolve("w.bin");
    Path driver = temporary.resolve("driver");
    String text = Files.readString(TINY);
    assertTrue(text.contains(DENSE), text);
    Path other =
        Files.writeString(temporary.resolve("other.etch"), text.replace(DENSE, OTHER_DENSE));
    CapturedRun made = weights(other, file, "--driver", driver.toString());
    assertEquals(0, made.code(), made.err());
    long outside = Files.size(folder.resolve("memory.bin"));
    assertTrue(made.out().contains(" and " + outside + " bytes outside"), made.out());
    CapturedRun verified = verify(file);
    assertEquals(0, verified.code(), verified.toString());
    assertTrue(verified.out().contains("0 differ"), verified.out());
    assertEquals(0, verify(folder.resolve("weights.bin")).code());
    Path resources = driver.resolve("src/main/resources/dev/etch/generated/driver_example");
    assertArrayEquals(
        Files.readAllBytes(file), Files.readAllBytes(resources.resolve("weights.bin")));
    assertFalse(Files.exists(resources.resolve("memory.bin")));
    assertRefused(
        "are outside",
        mapped("--weights", "reloadable", "--buffers", "2", "-m", mapping.toString()));
  }

  private CapturedRun mapped(String... options) {
    String[] all = new String[options.length + 5];
    String[] first = {"compile", TINY.toString(), "--force", "-o", folder.toString()};
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(options, 0, all, first.length, options.length);
    return CapturedRun.of(all);
  }

  @Test
  void constantsStayConstants() throws IOException {
    assertEquals(0, compiled("--weights", "constant").code());
    assertFalse(Files.exists(folder.resolve("weights.bin")));
    Path file = temporary.resolve("w.bin");
    assertRefused("the weights of this design are constants", weights(TINY, file));
  }

  @Test
  void optionsThatMeanNothingAreRefused() {
    assertRefused("loaded only", compiled("--headroom", "20%"));
    assertRefused("no share: 'much'", compiled("--weights", "reloadable", "--headroom", "much"));
    assertRefused("from 0 to 100", compiled("--weights", "reloadable", "--headroom", "-1%"));
    assertRefused("loaded only", compiled("--step-headroom", "20%"));
    assertRefused("from 0 to 100", compiled("--weights", "reloadable", "--step-headroom", "-1%"));
    assertRefused("loaded only", compiled("--buffers", "2"));
    assertRefused("1 buffer, or 2", compiled("--weights", "reloadable", "--buffers", "3"));
  }
}
