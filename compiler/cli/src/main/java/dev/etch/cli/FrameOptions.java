// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which frames to take; at most one of these. */
final class FrameOptions {
  private static final int DEFAULT_RANDOM = 20;

  @Option(
      names = "--random",
      paramLabel = "N",
      description = "N random frames; 20 if nothing else is given.")
  private Integer random;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "Raw little-endian frames in the model's own element type and layout.")
  private Path input;

  @Option(
      names = "--dataset",
      paramLabel = "IMAGES",
      description = "Images in IDX format, also gzip-compressed.")
  private Path dataset;

  static Frames frames(FrameOptions options, HostedModel model, long seed) {
    if (options != null && options.input != null) {
      return Frames.file(options.input, model);
    }
    if (options != null && options.dataset != null) {
      return Frames.dataset(options.dataset, model);
    }
    int count = options == null ? DEFAULT_RANDOM : options.random;
    if (count < 1) {
      throw new dev.etch.diagnostic.DiagnosticException(
          dev.etch.diagnostic.Location.option("--random"), "at least one frame", "");
    }
    return Frames.random(count, seed, model.acceleratorInputType());
  }
}
