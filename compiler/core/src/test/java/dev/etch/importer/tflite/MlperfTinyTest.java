// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.compressed.OwnFiles;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.MultiplyAccumulates;
import dev.etch.importer.ModelFile;
import dev.etch.importer.SharedModels;
import dev.etch.importer.TfliteKernels;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.TensorType;
import dev.etch.text.GraphParser;
import dev.etch.text.GraphPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The official models, unmodified: every output of TFLite 2.14's reference kernels, which the
 * published outputs come from, bit by bit.
 */
class MlperfTinyTest {
  private static final String FOLDER = "mlperf-tiny/";
  private static final Pattern RECORD =
      Pattern.compile(
          "\\{\"model\": \"([^\"]+)\", \"input\": \"([^\"]+)\", \"shape\": \\[[^]]*\\],"
              + " \"output\": \\[([^]]*)\\]\\}");
  private static final Map<String, Integer> RECORDS =
      Map.of(
          "ic_resnet8_int8.tflite", 5,
          "kws_dscnn_int8.tflite", 6,
          "vww_mobilenetv1_int8.tflite", 2,
          "ad_autoencoder_int8.tflite", 3);

  /** One line of golden.json. */
  private record Golden(String model, String input, int[] output) {}

  @ParameterizedTest
  @CsvSource({
    "ic_resnet8_int8.tflite, 12501632, 12365434",
    "kws_dscnn_int8.tflite, 2656768, 2636016",
    "vww_mobilenetv1_int8.tflite, 7489664, 3859644",
    "ad_autoencoder_int8.tflite, 264192, 239697"
  })
  void outputsEqualTheReferenceKernels(String model, long macs, long nonzero) throws IOException {
    Graph graph =
        ModelFile.read(
            SharedModels.require(FOLDER + model),
            new OwnFiles(),
            TfliteKernels.RELEASE_2_14,
            new DiagnosticCollector());
    assertEquals(new MultiplyAccumulates(macs, nonzero), MultiplyAccumulates.of(graph));
    assertEquals(model, graph.name() + ".tflite");
    Interpreter interpreter = new Interpreter(graph);
    int compared = 0;
    for (Golden golden : goldens()) {
      if (golden.model().equals(model)) {
        assertArrayEquals(golden.output(), run(interpreter, golden.input()), golden.input());
        compared++;
      }
    }
    assertEquals(RECORDS.get(model), compared);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ic_resnet8_int8.tflite", "kws_dscnn_int8.tflite"})
  void theTextFormIsComplete(String model) {
    Graph graph =
        TfliteImporter.read(
            SharedModels.require(FOLDER + model), TfliteKernels.CURRENT, new DiagnosticCollector());
    String text = GraphPrinter.print(graph);
    assertEquals(text, GraphPrinter.print(GraphParser.parse("graph.etch", text)));
  }

  @Test
  void everyRecordIsRead() throws IOException {
    assertEquals(RECORDS.values().stream().mapToInt(i -> i).sum(), goldens().size());
  }

  private static int[] run(Interpreter interpreter, String input) throws IOException {
    TensorType type = interpreter.graph().inputs().get(0).type();
    byte[] bytes = Files.readAllBytes(SharedModels.require(FOLDER + input));
    int[] data = new int[bytes.length];
    Arrays.setAll(data, i -> bytes[i]);
    IntegerTensor result =
        (IntegerTensor) interpreter.run(List.of(new IntegerTensor(type, data))).get(0);
    return result.data();
  }

  private static List<Golden> goldens() throws IOException {
    Path file = SharedModels.require(FOLDER + "golden.json");
    List<Golden> goldens = new ArrayList<>();
    Matcher matcher = RECORD.matcher(Files.readString(file));
    while (matcher.find()) {
      int[] output =
          Arrays.stream(matcher.group(3).split(","))
              .mapToInt(v -> Integer.parseInt(v.trim()))
              .toArray();
      goldens.add(new Golden(matcher.group(1), matcher.group(2), output));
    }
    return goldens;
  }
}
