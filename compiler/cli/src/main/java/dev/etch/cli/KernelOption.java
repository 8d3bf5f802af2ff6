// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.importer.TfliteKernels;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which release of TFLite's kernels a TensorFlow Lite model follows. */
final class KernelOption {
  @Option(
      names = "--tflite-kernels",
      paramLabel = "RELEASE",
      defaultValue = "current",
      converter = Converter.class,
      completionCandidates = Candidates.class,
      description =
          "Whose FULLY_CONNECTED a TensorFlow Lite model follows: current (TensorFlow 2.21, "
              + "LiteRT 2.3), or 2.14 (up to 2.16, TFLite Micro, MLPerf Tiny's published outputs); "
              + "current if not given.")
  private TfliteKernels kernels;

  /** The choice of someone who chose nothing. */
  static KernelOption current() {
    KernelOption option = new KernelOption();
    option.kernels = TfliteKernels.CURRENT;
    return option;
  }

  TfliteKernels kernels() {
    return kernels;
  }

  private static List<String> ids() {
    return Arrays.stream(TfliteKernels.values()).map(TfliteKernels::id).toList();
  }

  /** For shell completion. */
  static final class Candidates implements Iterable<String> {
    @Override
    public java.util.Iterator<String> iterator() {
      return ids().iterator();
    }
  }

  /** By the name that users see. */
  static final class Converter implements ITypeConverter<TfliteKernels> {
    @Override
    public TfliteKernels convert(String id) {
      return TfliteKernels.of(id)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + id + "' is none of " + String.join(", ", ids())));
    }
  }
}
