// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.compress.data.Augmentation;
import dev.etch.compress.data.Normalization;
import dev.etch.compress.network.Network;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.compress.prune.Densities;
import dev.etch.compress.quantize.Calibration;
import dev.etch.compress.quantize.QuantizationPlan;
import dev.etch.compress.quantize.RangeRule;
import dev.etch.compress.quantize.WeightScale;
import dev.etch.compress.recipe.Preset;
import dev.etch.compress.recipe.Recipe;
import dev.etch.compress.recipe.Settings;
import dev.etch.compress.recipe.Step;
import dev.etch.compress.recipe.Train;
import dev.etch.compress.recipe.text.RecipeText;
import dev.etch.compress.training.Optimizer;
import dev.etch.compress.training.TrainingPlan;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.tensor.Shape;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What is done to a model, as options. */
final class RecipeOptions {
  private static final int NEW_EPOCHS = 15;
  private static final double LAST = 5;
  private static final double PERCENT = 100;
  private static final double LEAST_PERCENTILE = 50;

  /** What a recipe says itself. */
  private static final List<String> SAID_BY_RECIPE =
      List.of(
          "--preset",
          "--density",
          "--layer-density",
          "--values",
          "--surgery",
          "--epochs",
          "--train-epochs",
          "--rate",
          "--decay",
          "--weight-bits",
          "--activation-bits",
          "--per-channel",
          "--calibration",
          "--percentile",
          "--squared-error",
          "--normalize",
          "--optimizer",
          "--zero-points",
          "--shift",
          "--flip");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--recipe",
      paramLabel = "FILE",
      description =
          "Steps and their settings, a line each (docs/recipes.md), in place of a preset and all other "
              + "options that say what is done.")
  private Path recipe;

  @Option(
      names = "--preset",
      paramLabel = "P",
      defaultValue = "small",
      description =
          "small: few weights of few values; fast: few weights of any values; safe: more of both. All are "
              + "taught by the model as it was. quantize: nothing is trained, and labels are not needed. ${DEFAULT-VALUE} if not given.")
  private Preset preset;

  @Option(
      names = "--density",
      paramLabel = "PART",
      description =
          "Part of its weights that each layer keeps; the last one, which has few, keeps five times as much. "
              + "0.05 if not given, 0.2 of --preset safe.")
  private Double density;

  @Option(
      names = "--layer-density",
      paramLabel = "LAYER=PART",
      split = ",",
      description = "The same for one layer.")
  private Map<String, Double> layerDensities = new LinkedHashMap<>();

  @Option(
      names = "--values",
      paramLabel = "N",
      description =
          "Values of a layer's weights, without zero; 12 if not given, 63 of --preset safe.")
  private Integer values;

  @Option(names = "--surgery", description = "Pruned weights that grow come back.")
  private boolean surgery;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "Epochs of pruning; values are tuned for a quarter of them. ${DEFAULT-VALUE} if not given.")
  private int epochs;

  @Option(
      names = "--train-epochs",
      paramLabel = "N",
      description =
          "Epochs in which the model is trained before anything else; 15 of an --architecture and 0 of "
              + "a MODEL if not given.")
  private Integer trainEpochs;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      defaultValue = "adam",
      converter = OptimizerName.class,
      description =
          "adam; scaled-adam, whose rate is a part of each layer's magnitude, for models whose batch "
              + "normalizations are folded; or momentum. ${DEFAULT-VALUE} if not given.")
  private Optimizer.Kind optimizer;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "0.001",
      description = "Learning rate of the first step of training; ${DEFAULT-VALUE} if not given.")
  private float rate;

  @Option(
      names = "--decay",
      paramLabel = "PART",
      defaultValue = "0.1",
      description =
          "Part of each weight, times the learning rate, that a step of pruning takes away; "
              + "${DEFAULT-VALUE} if not given.")
  private float decay;

  @Option(
      names = "--weight-bits",
      paramLabel = "N",
      defaultValue = "8",
      description = "Bits of weights, 2 to 16; ${DEFAULT-VALUE} if not given.")
  private int weightBits;

  @Option(
      names = "--activation-bits",
      paramLabel = "N",
      defaultValue = "8",
      description =
          "Bits of activations, 1 to 16; scores have at least 8. ${DEFAULT-VALUE} if not given.")
  private int activationBits;

  @Option(names = "--per-channel", description = "A scale for the weights of each output channel.")
  private boolean perChannel;

  @Option(
      names = "--calibration",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "Items of the training set that give the ranges of activations; ${DEFAULT-VALUE} if not "
              + "given.")
  private int calibration;

  @Option(
      names = "--percentile",
      paramLabel = "P",
      defaultValue = "100",
      description =
          "Percent of each value's elements that its range covers: below 100, outliers are cut off. "
              + "${DEFAULT-VALUE} if not given: from the smallest to the largest.")
  private double percentile;

  @Option(
      names = "--squared-error",
      description =
          "Of what ranges of activations cover, take the part for which the squared errors of rounding and "
              + "cutting off are least.")
  private boolean squaredError;

  @Option(
      names = "--zero-points",
      description = "Activations have zero points, so that integers cover their range and no more.")
  private boolean zeroPoints;

  @Option(
      names = "--normalize",
      paramLabel = "SCALE[,ZERO]",
      defaultValue = "0.003921569,0",
      description =
          "What the model gets for an element: (element - ZERO) * SCALE; 1/255 and 0 if not given, "
              + "which is 0 to 1 for bytes.")
  private String normalization;

  @Option(
      names = "--shift",
      paramLabel = "PIXELS",
      defaultValue = "0",
      description = "Training images are moved by up to so many pixels; not if not given.")
  private int shift;

  @Option(names = "--flip", description = "Half of the training images are mirrored.")
  private boolean flip;

  /**
   * The recipe.
   *
   * @param isNew whether the model has no trained weights yet
   * @param item shape of an item of the data
   */
  Recipe recipe(Network network, boolean isNew, Shape item) {
    Recipe chosen = chosen(network, isNew);
    check(item, chosen.augmentation());
    return chosen;
  }

  private Recipe chosen(Network network, boolean isNew) {
    if (recipe == null) {
      check();
      return ofOptions(network, isNew);
    }
    for (String option : SAID_BY_RECIPE) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new DiagnosticException(
            Location.option(option), "a recipe says this itself", "change the recipe");
      }
    }
    return RecipeText.parse(recipe.toString(), text(), network, ofOptions(network, isNew));
  }

  private String text() {
    Location location = Location.file(recipe.toString());
    try {
      return Files.readString(recipe);
    } catch (CharacterCodingException e) {
      throw new DiagnosticException(location, "is not UTF-8 text", "");
    } catch (IOException e) {
      throw new DiagnosticException(
          location, "cannot be read: " + Failures.reason(e), "check the path");
    }
  }

  private Recipe ofOptions(Network network, boolean isNew) {
    List<Step> steps = new ArrayList<>();
    int epochsBefore = trainEpochs(isNew);
    if (epochsBefore > 0) {
      steps.add(new Train(TrainingPlan.adam(epochsBefore, rate).with(optimizer)));
    }
    steps.addAll(preset.steps(settings(network)));
    QuantizationPlan quantization =
        new QuantizationPlan(
            weightBits,
            Map.of(),
            perChannel,
            WeightScale.LARGEST,
            activationBits,
            zeroPoints,
            new Calibration(
                calibration,
                percentile / PERCENT,
                squaredError ? RangeRule.SQUARED_ERROR : RangeRule.COVERED));
    return new Recipe(normalization(), new Augmentation(shift, flip), steps, quantization);
  }

  /** Whether something is trained, of a model that is given or one that is new. */
  boolean trains(boolean isNew) {
    return recipe != null || preset != Preset.QUANTIZE || trainEpochs(isNew) > 0;
  }

  private int trainEpochs(boolean isNew) {
    return trainEpochs != null ? trainEpochs : isNew ? NEW_EPOCHS : 0;
  }

  private Settings settings(Network network) {
    double others = density == null ? preset.density() : density;
    List<WeightedLayer> layers = network.layers();
    Map<String, Double> named = new LinkedHashMap<>(layerDensities);
    named.putIfAbsent(layers.get(layers.size() - 1).name(), Math.min(1, LAST * others));
    return new Settings(
        new Densities(others, named),
        values == null ? preset.sharedValues() : values,
        epochs,
        rate,
        decay,
        surgery,
        optimizer);
  }

  private void check() {
    requirePart("--density", density == null ? preset.density() : density);
    layerDensities.values().forEach(part -> requirePart("--layer-density", part));
    if (!(decay >= 0 && decay <= 1)) {
      throw new DiagnosticException(
          Location.option("--decay"), decay + " is no part", "0, or more, at most 1");
    }
    require("--values", values == null ? 1 : values, 1, 255);
    require("--epochs", epochs, 1, 10_000);
    require("--train-epochs", trainEpochs(true), 0, 10_000);
    if (!(rate > 0 && rate < 1)) {
      throw new DiagnosticException(
          Location.option("--rate"), rate + " is no learning rate", "above 0, below 1");
    }
    require("--weight-bits", weightBits, 2, 16);
    require("--activation-bits", activationBits, 1, 16);
    require("--calibration", calibration, 1, 1_000_000);
    if (!(percentile > LEAST_PERCENTILE && percentile <= PERCENT)) {
      throw new DiagnosticException(
          Location.option("--percentile"),
          percentile + " is out of range",
          "above 50, at most 100");
    }
    require("--shift", shift, 0, 1000);
  }

  private static void check(Shape item, Augmentation augmentation) {
    if (!augmentation.fits(item)) {
      throw new DiagnosticException(
          Location.option(augmentation.shift() > 0 ? "--shift" : "--flip"),
          "items of " + item + " are no images of that size",
          "leave it out");
    }
  }

  private static void requirePart(String option, double part) {
    if (!(part > 0 && part <= 1)) {
      throw new DiagnosticException(
          Location.option(option), part + " is no part", "above 0, at most 1");
    }
  }

  private static void require(String option, int number, int low, int high) {
    if (number < low || number > high) {
      throw new DiagnosticException(
          Location.option(option), "not " + low + " to " + high, "give " + low + " to " + high);
    }
  }

  private Normalization normalization() {
    String[] parts = normalization.split(",", -1);
    try {
      if (parts.length <= 2) {
        int zero = parts.length == 1 ? 0 : Integer.parseInt(parts[1].strip());
        return new Normalization(Float.parseFloat(parts[0].strip()), zero);
      }
    } catch (IllegalArgumentException e) {
      // Said below, with what is wanted.
    }
    throw new DiagnosticException(
        Location.option("--normalize"),
        "'" + normalization + "' is no normalization",
        "a scale above 0, and behind a comma the element, 0 to 255, that becomes 0");
  }
}
