// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.cluster.KMeans;
import dev.etch.compress.data.Augmentation;
import dev.etch.compress.data.Normalization;
import dev.etch.compress.factorize.Method;
import dev.etch.compress.factorize.RankRule;
import dev.etch.compress.network.Architecture;
import dev.etch.compress.network.Network;
import dev.etch.compress.prune.Blocks;
import dev.etch.compress.prune.Densities;
import dev.etch.compress.quantize.Calibration;
import dev.etch.compress.quantize.QuantizationPlan;
import dev.etch.compress.recipe.Cluster;
import dev.etch.compress.recipe.DropPrune;
import dev.etch.compress.recipe.Factorize;
import dev.etch.compress.recipe.Fold;
import dev.etch.compress.recipe.PrunePattern;
import dev.etch.compress.recipe.Recipe;
import dev.etch.compress.recipe.Teach;
import dev.etch.compress.recipe.Train;
import dev.etch.compress.training.Optimizer;
import dev.etch.compress.training.Schedule;
import dev.etch.compress.training.TrainingPlan;
import dev.etch.diagnostic.CompilerBug;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Recipes are read as their steps; what is wrong has a line and a column. */
class RecipeTextTest {
  private static final Network LENET = Architecture.LENET_5.build(Shape.of(1, 28, 28), 10, 1);

  private static final Recipe STANDARD =
      new Recipe(
          new Normalization(1, 0),
          new Augmentation(0, false),
          List.of(),
          QuantizationPlan.eightBits(Calibration.ofExtremes(10)));

  private static Recipe parse(String text) {
    return RecipeText.parse("r.etch", text, LENET, STANDARD);
  }

  @Test
  void stepsStandInTheirOrder() {
    Recipe recipe =
        parse(
            """
            recipe
            fold
            teach {weight = 0.7}
            // Setting lines hold wherever they stand.
            quantize {weightBits = 4, layers = [LayerBits{name = "conv1", bits = 8}]}
            drop-prune {density = 0.1, epochs = 3, layers = [LayerDensity{name = "ip2", density = 0.5}]}
            cluster {values = 15, rate = 0.001, decay = 0.1}
            augment {shift = 2}
            """);
    assertEquals(
        List.of(
            new Fold(),
            new Teach(3, 0.7f),
            new DropPrune(
                new Densities(0.1, Map.of("ip2", 0.5)),
                0.6,
                0.5,
                0.005,
                TrainingPlan.adam(3, 3e-4f)),
            new Cluster(
                15, Map.of(), KMeans.Start.LINEAR, TrainingPlan.adam(5, 1e-3f).withDecay(0.1f))),
        recipe.steps());
    assertEquals(new Augmentation(2, false), recipe.augmentation());
    assertEquals(STANDARD.normalization(), recipe.normalization());
    assertEquals(4, recipe.quantization().weightBits());
    assertEquals(Map.of("conv1", 8), recipe.quantization().weightBitsByLayer());
  }

  @Test
  void blocksHaveDensitiesOfTheirOwn() {
    Recipe recipe =
        parse(
            """
            recipe
            train {epochs = 1, optimizer = SCALED_ADAM}
            prune-blocks {rows = 4, columns = 1, density = 0.3, layers = [LayerDensity{name = "conv1", density = 0.5}],
                except = ["ip2"], epochs = 2, rate = 0.005, optimizer = SCALED_ADAM}
            """);
    assertEquals(
        List.of(
            new Train(TrainingPlan.adam(1, 1e-3f).with(Optimizer.Kind.SCALED_ADAM)),
            new PrunePattern(
                new Blocks(4, 1, 0.3),
                Map.of("conv1", new Blocks(4, 1, 0.5)),
                Set.of("ip2"),
                0.6,
                TrainingPlan.adam(2, 0.005f).with(Optimizer.Kind.SCALED_ADAM))),
        recipe.steps());
  }

  @Test
  void layersThatAMethodTakesAreFactorized() {
    Recipe recipe = parse("recipe factorize {method = SPATIAL, size = 0.25}");
    assertEquals(
        Map.of("conv1", new RankRule.Size(0.25), "conv2", new RankRule.Size(0.25)),
        ((Factorize) recipe.steps().get(0)).rules());
    Recipe one =
        parse("recipe factorize {method = SINGULAR_VALUES, energy = 0.9, layers = [\"ip1\"]}");
    assertEquals(Method.SINGULAR_VALUES, ((Factorize) one.steps().get(0)).method());
    assertEquals(Map.of("ip1", new RankRule.Energy(0.9)), ((Factorize) one.steps().get(0)).rules());
  }

  /** The fewest attributes that each line takes. */
  @Test
  void allStepsCanBeWritten() {
    Recipe recipe =
        parse(
            """
            recipe
            normalize {scale = 0.5, zero = 3}
            fold
            equalize
            train {epochs = 2}
            teach
            prune {density = 0.5}
            surgery {density = 0.5}
            drop-prune {density = 0.5}
            prune-second-order {density = 0.5}
            prune-groups {kept = 2, group = 4}
            prune-blocks {rows = 2, columns = 2, density = 0.5}
            prune-channels {density = 0.5}
            factorize {method = TUCKER, size = 0.5}
            cluster {values = 3}
            cluster-by-entropy {values = 3}
            share-softly {values = 3}
            quantize-weights
            round-weights
            signs {kind = TERNARY, except = ["conv1"]}
            circulant {size = 4}
            """);
    assertEquals(19, recipe.steps().size());
    assertEquals(recipe, parse(RecipeText.print(recipe, LENET)));
    assertEquals(new Normalization(0.5f, 3), recipe.normalization());
  }

  /** All attributes that each line takes, with other numbers than those that hold without. */
  @Test
  void allThatIsSaidIsPrinted() {
    String training = "epochs = 7, rate = 0.01, decay = 0.2, optimizer = SCALED_ADAM}\n";
    String densities = "density = 0.3, layers = [LayerDensity{name = \"ip2\", density = 0.7}], ";
    String text =
        """
        recipe
        normalize {scale = 0.0039215687, zero = 128}
        augment {shift = 2, flip = true}
        quantize {weightBits = 4, layers = [LayerBits{name = "conv1", bits = 6}], perChannel = false, weightScale = \
        POWER_OF_TWO, activationBits = 7, asymmetric = true, calibration = 20, percentile = 99.99, ranges = SQUARED_ERROR}
        train {TRAINING
        teach {temperature = 2, weight = 0.25, hints = [HintWeight{value = "conv1", weight = 0.5}]}
        prune {DENSITIES scope = GLOBAL, part = 0.9, TRAINING
        surgery {DENSITIES pruning = 0.1, splicing = 0.2, TRAINING
        drop-prune {DENSITIES part = 0.1, dropOut = 0.2, dropIn = 0.3, TRAINING
        prune-second-order {DENSITIES items = 30, damping = 0.5, TRAINING
        prune-groups {kept = 2, group = 4, except = ["conv2", "conv1"], part = 0.1, TRAINING
        prune-blocks {rows = 2, columns = 3, density = 0.5, except = ["conv1"], part = 0.1, TRAINING
        prune-channels {DENSITIES TRAINING
        factorize {method = TUCKER, size = 0.5, layers = [], TRAINING
        factorize {method = TUCKER, energy = 0.7, layers = ["conv2"], TRAINING
        cluster {values = 3, layers = [LayerValues{name = "ip1", values = 9}], start = DENSITY, TRAINING
        cluster-by-entropy {values = 3, price = 0.5, TRAINING
        share-softly {values = 3, zeros = 0.5, strength = 0.1, TRAINING
        quantize-weights {TRAINING
        round-weights {items = 7, adapts = false}
        signs {kind = BINARY, perChannel = false, except = ["conv1"], TRAINING
        circulant {size = 4, except = ["ip1"], TRAINING
        """
            .replace("TRAINING\n", training)
            .replace("DENSITIES ", densities);
    Recipe recipe = parse(text);
    assertEquals(18, recipe.steps().size());
    String printed = RecipeText.print(recipe, LENET);
    assertEquals(recipe, parse(printed));
    assertEquals(text.split(" = ").length, printed.split(" = ").length, printed);
  }

  /** Those that options make: percentages are divided, and presets say all numbers. */
  @Test
  void percentagesComeBackBitByBit() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 10_000; i++) {
      double percent = random.nextInt(500_001, 1_000_001) / 10_000.0;
      Recipe recipe = parse("recipe quantize {percentile = " + percent + "}");
      String printed = RecipeText.print(recipe, LENET);
      assertTrue(printed.contains("percentile = " + percent + ","), percent + ": " + printed);
    }
  }

  @Test
  void whatNoTextSaysIsNoRecipe() {
    TrainingPlan batches = new TrainingPlan(1, 7, Optimizer.Kind.ADAM, 0.1f, Schedule.COSINE, 0);
    Recipe recipe =
        new Recipe(
            STANDARD.normalization(),
            STANDARD.augmentation(),
            List.of(new Train(batches)),
            STANDARD.quantization());
    assertThrows(CompilerBug.class, () -> RecipeText.print(recipe, LENET));
  }

  @Test
  void whatIsWrongHasALineAndAColumn() {
    refused("recipe\nprun {density = 0.1}", "r.etch:2:1", "no step prun", "prune, prune-blocks");
    refused("recipe prune", "r.etch:1:8", "attribute density is missing");
    refused("recipe\n prune {density = 2}", "r.etch:2:2", "a density of 2.0");
    refused("recipe prune {density = x}", "r.etch:1:", "not a valid Double");
    refused("recipe train {epochs = -1}", "r.etch:1:8", "-1 epochs");
    refused("recipe train {epochs = 1, rate = 7}", "r.etch:1:8", "a learning rate of 7.0");
    refused("recipe signs {kind = BINARY, except = [\"x\"]}", "no layer 'x'", "ip1");
    refused(
        "recipe cluster {values = 2, layers = [LayerValues{name = \"ip1\", values = 3}, "
            + "LayerValues{name = \"ip1\", values = 3}]}",
        "named twice");
    refused("recipe teach {hints = [HintWeight{value = \"x\", weight = 1}]}", "no value 'x'");
    refused("recipe factorize {method = SPATIAL}", "either the energy or the size");
    refused("recipe prune {density = 0.1}\nfold", "r.etch:2:1", "weights are restricted already");
    refused("recipe quantize {weightBits = 40}", "r.etch:1:8", "40 bits");
    refused("mapping", "r.etch:1:1");
  }

  private static void refused(String text, String... parts) {
    DiagnosticException e = assertThrows(DiagnosticException.class, () -> parse(text));
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  private static final String HEAD =
      """
      # Recipes

      `etch compress --recipe FILE` does what a recipe says, line by line; attributes in brackets may be left out, and say in their Javadoc
      (`dev.etch.compress.recipe.text`) what holds then. `normalize`, `augment` and `quantize` hold wherever they stand, all others are steps. A network that
      is not trained yet needs a `train` line first. `--print-recipe` in place of `-o FILE` prints the recipe that a preset and other options stand for.

      ```
      recipe
      normalize {scale = 0.003921569}
      quantize {weightBits = 8, perChannel = true}
      fold
      teach {temperature = 3, weight = 0.5}
      prune {density = 0.1, epochs = 10, layers = [LayerDensity{name = "ip2", density = 0.5}]}
      cluster {values = 15, epochs = 3}
      ```

      All lines, in the order of the table that they are read by; a test keeps this page equal.

      """;

  /** The page; to write it anew, run this test with {@code -Detch.bless=true}. */
  @Test
  void thePageIsTheTable() throws IOException {
    Path page = Path.of(System.getProperty("etch.root"), "docs", "recipes.md");
    String expected = HEAD + RecipeText.markdown();
    if (Boolean.getBoolean("etch.bless")) {
      Files.writeString(page, expected);
    }
    assertEquals(expected, Files.readString(page));
    String example = HEAD.substring(HEAD.indexOf("```\n") + 4, HEAD.lastIndexOf("```"));
    assertEquals(4, parse(example).steps().size());
  }
}
