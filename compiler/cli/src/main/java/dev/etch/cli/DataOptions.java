// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.compress.data.DataFiles;
import dev.etch.compress.data.Dataset;
import dev.etch.compress.data.Normalization;
import dev.etch.compress.network.Network;
import dev.etch.compress.search.HeldOut;
import dev.etch.compress.training.Items;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The data that a model is trained on and measured with. */
final class DataOptions {
  @Option(
      names = "--data",
      paramLabel = "PATH",
      required = true,
      description =
          "Training set: IDX (also .gz), .npy, .npz, .csv, or a folder or .zip with a folder of "
              + "images a class.")
  private Path data;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "Its labels: IDX, .npy, or one a line; not needed if the data has them, nor beside images "
              + "that are named as MNIST's.")
  private Path labels;

  @Option(
      names = "--test",
      paramLabel = "PATH",
      description = "Test set, which nothing is chosen by; without it no accuracy is measured.")
  private Path test;

  @Option(names = "--test-labels", paramLabel = "FILE", description = "Its labels.")
  private Path testLabels;

  @Option(
      names = "--validation",
      paramLabel = "PATH",
      description =
          "Set that a search chooses by; without it, a tenth of the training set, which a given model "
              + "may have been trained on.")
  private Path validation;

  @Option(names = "--validation-labels", paramLabel = "FILE", description = "Its labels.")
  private Path validationLabels;

  /**
   * What a search trains on, and what it chooses by.
   *
   * @throws DiagnosticException if the second has no labels
   */
  HeldOut heldOut(Dataset training) {
    if (validation == null) {
      return HeldOut.of(training);
    }
    Dataset set = DataFiles.read(validation, Optional.ofNullable(validationLabels));
    if (!set.isLabelled()) {
      throw new DiagnosticException(
          Location.file(validation.toString()),
          "has no labels, and a search chooses by them",
          "give them with --validation-labels");
    }
    return new HeldOut(training, set);
  }

  /**
   * The training set.
   *
   * @param trains whether labels are needed
   */
  Dataset training(boolean trains) {
    Dataset set = DataFiles.read(data, Optional.ofNullable(labels));
    if (trains && !set.isLabelled()) {
      throw new DiagnosticException(
          Location.file(data.toString()),
          "has no labels, and training needs them",
          "give them with --labels, or only quantize with --preset quantize");
    }
    return set;
  }

  Optional<Dataset> test() {
    return Optional.ofNullable(test)
        .map(path -> DataFiles.read(path, Optional.ofNullable(testLabels)));
  }

  /** A set as a network takes it. */
  Items items(Dataset set, Normalization normalization, Network network, String option) {
    int scores = network.scores().type().shape().dimension(-1);
    if (set.classes() > scores) {
      throw new DiagnosticException(
          Location.option(option),
          "has the label %d, but the model gives %d scores".formatted(set.classes() - 1, scores),
          "give data of the model's classes");
    }
    String source =
        switch (option) {
          case "--data" -> data.toString();
          case "--validation" -> (validation == null ? data : validation).toString();
          default -> test.toString();
        };
    return new Items(set, normalization, network.input().type().shape(), source);
  }
}
