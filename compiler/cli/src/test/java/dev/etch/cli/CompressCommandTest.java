// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From the command line to a model that becomes hardware. */
class CompressCommandTest {
  @TempDir private Path folder;
  private Path data;
  private Path output;

  /** Images of 4 x 4 with noise, of which the labelled row is bright. */
  @BeforeEach
  void writeData() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    int items = 400;
    byte[] images = new byte[16 + 16 * items];
    byte[] labels = new byte[8 + items];
    System.arraycopy(
        new byte[] {0, 0, 8, 3, 0, 0, 1, (byte) 144, 0, 0, 0, 4, 0, 0, 0, 4}, 0, images, 0, 16);
    System.arraycopy(new byte[] {0, 0, 8, 1, 0, 0, 1, (byte) 144}, 0, labels, 0, 8);
    for (int item = 0; item < items; item++) {
      int label = random.nextInt(4);
      labels[8 + item] = (byte) label;
      for (int i = 0; i < 16; i++) {
        int bright = i / 4 == label ? 120 : 0;
        images[16 + 16 * item + i] = (byte) (bright + random.nextInt(100));
      }
    }
    data = Files.write(folder.resolve("rows-images-idx3-ubyte"), images);
    Files.write(folder.resolve("rows-labels-idx1-ubyte"), labels);
    output = folder.resolve("small.etch");
  }

  private CapturedRun compress(String... options) {
    List<String> arguments = new ArrayList<>(List.of("compress"));
    arguments.addAll(Arrays.asList(options));
    if (!arguments.contains("--data")) {
      arguments.addAll(List.of("--data", data.toString()));
    }
    arguments.addAll(List.of("-o", output.toString()));
    return CapturedRun.of(arguments.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({"small", "fast", "safe"})
  void presetsGiveModelsThatBecomeHardware(String preset) {
    CapturedRun run =
        compress(
            "--architecture",
            "lenet-300-100",
            "--test",
            data.toString(),
            "--preset",
            preset,
            "--density",
            "0.2",
            "--layer-density",
            "ip3=0.5",
            "--train-epochs",
            "10",
            "--epochs",
            "8");
    assertEquals(ExitCode.FINE, run.code(), run.err());
    String[] lines = run.out().split("\n");
    assertTrue(lines[0].startsWith("given "), run.out());
    assertTrue(lines[1].matches("train .*, right (9\\d|100)\\.\\d\\d % .*"), run.out());
    assertTrue(run.out().contains("ip3 "), run.out());
    assertTrue(run.out().contains("50.00 %"), run.out());
    CapturedRun compiled =
        CapturedRun.of("compile", output.toString(), "-o", folder.resolve("design").toString());
    assertEquals(ExitCode.FINE, compiled.code(), compiled.err());
  }

  /** Of those that take images of 4 x 4, too. */
  @ParameterizedTest
  @CsvSource({"resnet-8", "ds-cnn", "mobilenet-v1-025"})
  void architecturesWithBatchNormalizationBecomeHardware(String architecture) {
    CapturedRun run =
        compress(
            "--architecture",
            architecture,
            "--test",
            data.toString(),
            "--preset",
            "quantize",
            "--per-channel",
            "--calibration",
            "20",
            "--train-epochs",
            "2");
    assertEquals(ExitCode.FINE, run.code(), run.err());
    CapturedRun compiled =
        CapturedRun.of("compile", output.toString(), "-o", folder.resolve("design").toString());
    assertEquals(ExitCode.FINE, compiled.code(), compiled.err());
  }

  /** The chosen model takes the cycles that were promised, and another run chooses the same. */
  @Test
  void aSearchKeepsItsLimits() throws IOException {
    Path frontier = folder.resolve("frontier.svg");
    Path mapping = folder.resolve("found.etch");
    String[] options = {
      "--architecture", "lenet-300-100",
      "--test", data.toString(),
      "--preset", "fast",
      "--train-epochs", "10",
      "--epochs", "8",
      "--multipliers", "16",
      "--cycles", "700",
      "--max-loss", "10",
      "--frontier", frontier.toString(),
      "--mapping-output", mapping.toString()
    };
    CapturedRun run = compress(options);
    assertEquals(ExitCode.FINE, run.code(), run.err());
    assertTrue(run.out().matches("(?s).*\\n\\* +\\d+ .*"), run.out());
    String now = run.out().lines().filter(l -> l.startsWith("now:")).findFirst().orElseThrow();
    int cycles =
        Integer.parseInt(now.replaceAll("now: +([\\d,]+) cycles.*", "$1").replace(",", ""));
    assertTrue(cycles <= 700, now);
    assertTrue(Files.readString(frontier).contains("<circle"));
    byte[] first = Files.readAllBytes(output);
    CapturedRun compiled =
        CapturedRun.of(
            "compile",
            output.toString(),
            "-m",
            mapping.toString(),
            "-o",
            folder.resolve("design").toString());
    assertTrue(compiled.out().contains("; " + cycles + " cycles per frame"), compiled.out());
    assertEquals(ExitCode.FINE, compress(options).code());
    assertArrayEquals(first, Files.readAllBytes(output));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--cycles 700 | --cycles: error: cycles are those of some hardware",
        "--multipliers 4 --budget dsp=3 --cycles 9 | --budget: error: is given beside --multipliers",
        "--max-loss 101 | --max-loss: error: 101.0 is out of range",
        "--bytes 0 | --bytes: error: 0 is too few",
        "--target stone --bytes 100 | --target: error: there is no 'stone'",
        "--frontier x.svg | --frontier: error: there is nothing to write",
        "--budget flux=3 --cycles 9 | --budget: error:",
        "--preset quantize --bytes 100 | the recipe has 0"
      })
  void contradictoryLimitsAreRefused(String options, String message) {
    List<String> all = new ArrayList<>(List.of("--architecture", "lenet-300-100"));
    all.addAll(List.of("--train-epochs", "1"));
    all.addAll(List.of(options.strip().split(" ")));
    CapturedRun run = compress(all.toArray(String[]::new));
    assertEquals(ExitCode.BAD_INPUT, run.code(), run.err());
    assertTrue(run.err().contains(message.strip()), run.err());
    assertFalse(Files.exists(output));
  }

  /** What cannot be had is said, with what came nearest, and nothing is written. */
  @Test
  void limitsThatNothingKeepsAreAnError() {
    CapturedRun run =
        compress(
            "--architecture",
            "lenet-300-100",
            "--train-epochs",
            "1",
            "--epochs",
            "1",
            "--multipliers",
            "2",
            "--cycles",
            "10");
    assertEquals(ExitCode.BAD_INPUT, run.code(), run.err());
    assertTrue(run.err().contains("no model was found that keeps all limits"), run.err());
    assertFalse(Files.exists(output));
  }

  @Test
  void whatItGivesIsAQuantizedModelThatCannotBeTrainedAgain() {
    String[] options = {"--architecture", "lenet-300-100", "--train-epochs", "1", "--epochs", "1"};
    assertEquals(ExitCode.FINE, compress(options).code());
    Path quantized = output;
    output = folder.resolve("again.etch");
    CapturedRun run = compress(quantized.toString());
    assertEquals(ExitCode.BAD_INPUT, run.code());
    assertTrue(run.err().contains("not a single one of floats"), run.err());
  }

  /** A report of the same command has the same bytes, and its recipe gives the same model. */
  @Test
  void theReportSaysWhatWasDone() throws IOException {
    Path report = folder.resolve("report of run");
    String[] options = {
      "--architecture",
      "lenet-300-100",
      "--train-epochs",
      "3",
      "--epochs",
      "2",
      "--test",
      data.toString(),
      "--report",
      report.toString()
    };
    CapturedRun run = compress(options);
    assertEquals(ExitCode.FINE, run.code(), run.err());
    byte[] model = Files.readAllBytes(output);
    JsonNode json = new ObjectMapper().readTree(report.resolve("report.json").toFile());
    assertTrue(json.get("command").asText().startsWith("etch compress --arch"), json.toString());
    assertTrue(json.get("command").asText().contains("report of run'"), json.toString());
    assertEquals(4, json.get("steps").size());
    assertEquals("train", json.at("/trainings/0/task").asText());
    assertTrue(
        json.at("/trainings/0/losses/0").asDouble() > json.at("/trainings/0/losses/11").asDouble());
    String right = " (" + json.at("/steps/3/accuracy/right").asInt() + " of 400)";
    assertTrue(run.out().contains(right), run.out());
    byte[] first = Files.readAllBytes(report.resolve("report.html"));
    assertEquals(ExitCode.FINE, compress(options).code());
    assertArrayEquals(first, Files.readAllBytes(report.resolve("report.html")));
    Path recipe = Files.copy(report.resolve("recipe.etch"), folder.resolve("recipe.etch"));
    assertEquals(
        ExitCode.FINE,
        compress("--architecture", "lenet-300-100", "--recipe", recipe.toString()).code());
    assertArrayEquals(model, Files.readAllBytes(output));
    Files.writeString(report.resolve("report.html"), "mine");
    CapturedRun refused = compress(options);
    assertEquals(ExitCode.BAD_INPUT, refused.code());
    assertTrue(refused.err().contains("choose another folder with --report"), refused.err());
  }

  /** A recipe that is printed of options, and then given, is printed again as it was. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--preset small | cluster {values = 12, start = LINEAR, epochs = 5,",
        "--preset fast --epochs 7 --train-epochs 3 | train {epochs = 3, rate = 0.001}",
        "--preset safe --values 9 --rate 0.01 | cluster {values = 9, start = LINEAR, epochs = 5,",
        "--preset quantize --train-epochs 0 | weightScale = LARGEST",
        "--density 0.2 --layer-density ip2=0.5 --surgery --decay 0.3 | decay = 0.3",
        "--optimizer scaled-adam | optimizer = SCALED_ADAM",
        "--optimizer momentum --flip --shift 1 | augment {shift = 1, flip = true}",
        "--weight-bits 4 --activation-bits 5 --per-channel --zero-points | weightBits = 4, per",
        "--calibration 30 --percentile 99.9 --squared-error | percentile = 99.9, ranges = SQUARED_ERROR}",
        "--normalize 0.5,7 | normalize {scale = 0.5, zero = 7}",
      })
  void optionsArePrintedAsARecipe(String options, String part) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("compress", "--print-recipe"));
    arguments.addAll(List.of("--architecture", "lenet-300-100", "--data", data.toString()));
    List<String> given = new ArrayList<>(arguments);
    given.addAll(List.of(options.strip().split(" ")));
    CapturedRun run = CapturedRun.of(given.toArray(String[]::new));
    assertEquals(ExitCode.FINE, run.code(), run.err());
    assertTrue(run.out().contains(part.strip()), run.out());
    Path recipe = Files.writeString(folder.resolve("recipe.etch"), run.out());
    arguments.addAll(List.of("--recipe", recipe.toString()));
    CapturedRun again = CapturedRun.of(arguments.toArray(String[]::new));
    assertEquals(ExitCode.FINE, again.code(), again.err());
    assertEquals(run.out(), again.out());
  }

  /** The recipe of options does what the options do, to a model that is given, too. */
  @Test
  void theRecipeOfOptionsGivesTheSameBytes() throws IOException {
    Path model = Files.write(folder.resolve("rows.onnx"), SmallOnnxModel.floatBytes());
    String[] options = {model.toString(), "--epochs", "2", "--preset", "safe", "--surgery"};
    assertEquals(ExitCode.FINE, compress(options).code());
    byte[] ofOptions = Files.readAllBytes(output);
    List<String> printing = new ArrayList<>(List.of("compress", "--print-recipe"));
    printing.addAll(List.of("--data", data.toString()));
    printing.addAll(List.of(options));
    CapturedRun printed = CapturedRun.of(printing.toArray(String[]::new));
    assertEquals(ExitCode.FINE, printed.code(), printed.err());
    Path recipe = Files.writeString(folder.resolve("recipe.etch"), printed.out());
    assertEquals(ExitCode.FINE, compress(model.toString(), "--recipe", recipe.toString()).code());
    assertArrayEquals(ofOptions, Files.readAllBytes(output));
  }

  /** A model of the text form is trained as one of Etch's own is. */
  @Test
  void floatModelsAreCompressed() throws IOException {
    Path model = folder.resolve("float.etch");
    Files.writeString(
        model,
        """
        graph "rows"
        input %x : float32[1, 1, 4, 4]
        %f = reshape(%x) {shape = [1, 16]} : float32[1, 16]
        %w = constant() {weights = DenseWeights{tensor = float32[4, 16] [ROW]}} : float32[4, 16]
        %d = dense(%f, %w) : float32[1, 4]
        output %d
        """
            .replace("ROW", "0.01, ".repeat(63) + "0.02"));
    CapturedRun run =
        compress(
            model.toString(),
            "--test",
            data.toString(),
            "--epochs",
            "40",
            "--surgery",
            "--layer-density",
            "d=0.5");
    assertEquals(ExitCode.FINE, run.code(), run.err());
    assertTrue(run.out().contains("surgery  32 of 64 weights kept"), run.out());
    assertTrue(run.out().matches("(?s).*cluster .*, right (9\\d|100).*"), run.out());
  }

  @Test
  void floatOnnxModelsAreCompressed() throws IOException {
    Path model = Files.write(folder.resolve("rows.onnx"), SmallOnnxModel.floatBytes());
    CapturedRun run =
        compress(model.toString(), "--test", data.toString(), "--epochs", "40", "--density", "0.1");
    assertEquals(ExitCode.FINE, run.code(), run.err());
    assertTrue(run.out().matches("(?s).*cluster .*, right (9\\d|100).*"), run.out());
    Path design = folder.resolve("design");
    CapturedRun compiled = CapturedRun.of("compile", output.toString(), "-o", design.toString());
    assertEquals(ExitCode.FINE, compiled.code(), compiled.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--architecture lenet-7 | --architecture: error: there is no 'lenet-7'",
        "--architecture lenet-5 | --architecture lenet-5: error: does not fit items of this size",
        "--architecture lenet-300-100 --density 0 | --density: error: 0.0 is no part",
        "--architecture lenet-300-100 --layer-density ip9=0.5 --train-epochs 1"
            + " | pruning: error: there is no layer 'ip9'",
        "--architecture lenet-300-100 --epochs 0 | --epochs: error: not 1 to 10000",
        "--architecture lenet-300-100 --weight-bits 1 | --weight-bits: error: not 2 to 16",
        "--architecture lenet-300-100 --activation-bits 17 | --activation-bits: error: not 1 to 16",
        "--architecture lenet-300-100 --percentile 50 | --percentile: error: 50.0 is out of range",
        "--architecture lenet-300-100 --shift 4 | --shift: error: items of [1, 4, 4]",
        "--architecture lenet-300-100 --normalize x | --normalize: error: 'x' is no normalization",
        "--architecture lenet-300-100 --data none.csv | none.csv: error: no such file",
        "none.onnx | none.onnx: error: no such file",
      })
  void badInputIsOneMessage(String options, String message) {
    CapturedRun run = compress(options.strip().split(" "));
    assertEquals(ExitCode.BAD_INPUT, run.code(), run.err());
    assertTrue(run.err().contains(message.strip()), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
    assertFalse(Files.exists(output));
  }

  @Test
  void theOutputIsNamedAsAModel() {
    output = folder.resolve("small.txt");
    CapturedRun run = compress("--architecture", "lenet-300-100");
    assertEquals(ExitCode.BAD_INPUT, run.code());
    assertTrue(run.err().contains("end it in .etch"), run.err());
  }

  private Process start(Path folder, Path file, String seed) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "--add-modules",
            "jdk.incubator.vector",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "compress",
            "--architecture",
            "lenet-300-100",
            "--data",
            data.toString(),
            "--train-epochs",
            "150",
            "--epochs",
            "150",
            "--surgery",
            "--seed",
            seed,
            "--checkpoints",
            folder.toString(),
            "-o",
            file.toString());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log().toFile())
        .start();
  }

  private Path log() {
    return folder.resolve("log.txt");
  }

  /** When each state was kept. */
  private static Map<String, FileTime> checkpoints(Path folder) throws IOException {
    Map<String, FileTime> times = new TreeMap<>();
    for (int training = 1; training <= 3; training++) {
      Path file = folder.resolve("training-" + training);
      if (Files.exists(file)) {
        times.put(file.toString(), Files.getLastModifiedTime(file));
      }
    }
    return times;
  }

  /** Real processes and signals that cannot be caught, at moments that nobody chose. */
  @Test
  void fiveKillsGiveTheSameBytes() throws IOException, InterruptedException {
    Path whole = folder.resolve("whole.etchz");
    assertEquals(0, start(folder.resolve("undisturbed"), whole, "1").waitFor(), log().toString());
    Path killed = folder.resolve("killed.etchz");
    Path kept = folder.resolve("kept");
    SplittableRandom random = new SplittableRandom();
    for (int kill = 0; kill < 5; kill++) {
      Map<String, FileTime> before = checkpoints(kept);
      Process process = start(kept, killed, "1");
      while (process.isAlive() && checkpoints(kept).equals(before)) {
        Thread.sleep(5);
      }
      Thread.sleep(random.nextInt(200));
      assertTrue(process.isAlive(), "the run is over before its kill");
      process.destroyForcibly().waitFor();
    }
    assertEquals(0, start(kept, killed, "1").waitFor(), Files.readString(log()));
    assertTrue(Files.readString(log()).contains("goes on behind step"), Files.readString(log()));
    assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(killed));
    assertEquals(ExitCode.BAD_INPUT, start(kept, killed, "2").waitFor());
    assertTrue(
        Files.readString(log()).contains("has checkpoints of another run: --seed was 1, and is 2"),
        Files.readString(log()));
  }
}
