// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe.text;

import dev.etch.compress.network.Network;
import dev.etch.compress.recipe.Recipe;
import dev.etch.compress.recipe.Step;
import dev.etch.diagnostic.CompilerBug;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.text.RecipeParser;
import dev.etch.text.RecipeParser.Line;
import dev.etch.text.RecipePrinter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads and prints recipes. */
public final class RecipeText {
  /** Every line that there is: the one list to extend. */
  private static final Map<String, Class<? extends RecipeLine>> LINES = lines();

  private RecipeText() {}

  private static Map<String, Class<? extends RecipeLine>> lines() {
    Map<String, Class<? extends RecipeLine>> lines = new LinkedHashMap<>();
    lines.put("normalize", NormalizeLine.class);
    lines.put("augment", AugmentLine.class);
    lines.put("quantize", QuantizeLine.class);
    lines.put("train", TrainLine.class);
    lines.put("fold", FoldLine.class);
    lines.put("equalize", EqualizeLine.class);
    lines.put("teach", TeachLine.class);
    lines.put("prune", PruneLine.class);
    lines.put("surgery", SurgeryLine.class);
    lines.put("drop-prune", DropPruneLine.class);
    lines.put("prune-second-order", PruneSecondOrderLine.class);
    lines.put("prune-groups", PruneGroupsLine.class);
    lines.put("prune-blocks", PruneBlocksLine.class);
    lines.put("prune-channels", PruneChannelsLine.class);
    lines.put("factorize", FactorizeLine.class);
    lines.put("cluster", ClusterLine.class);
    lines.put("cluster-by-entropy", ClusterByEntropyLine.class);
    lines.put("share-softly", ShareSoftlyLine.class);
    lines.put("quantize-weights", QuantizeWeightsLine.class);
    lines.put("round-weights", RoundWeightsLine.class);
    lines.put("signs", SignsLine.class);
    lines.put("circulant", CirculantLine.class);
    return Collections.unmodifiableMap(lines);
  }

  /**
   * Reads a recipe.
   *
   * @param file name for diagnostics
   * @param network what it is for
   * @param standard what holds unless a line says something else; its steps do not count
   * @throws DiagnosticException with line and column if it is not a valid recipe for the network
   */
  public static Recipe parse(String file, String text, Network network, Recipe standard) {
    List<Line<RecipeLine>> lines = RecipeParser.parse(file, text, LINES);
    RecipeDraft draft = new RecipeDraft(network, standard);
    for (Line<RecipeLine> line : lines) {
      if (line.value() instanceof SettingLine setting) {
        located(line.location(), () -> apply(setting, draft));
      }
    }
    List<Step> steps = new ArrayList<>();
    boolean restricts = false;
    for (Line<RecipeLine> line : lines) {
      if (line.value() instanceof StepLine step) {
        requireOrder(step, restricts, line.location());
        steps.add(located(line.location(), () -> step.step(draft)));
        restricts |= step.restricts();
      }
    }
    return draft.recipe(steps);
  }

  /**
   * The text of a recipe, from which {@link #parse} reads an equal one.
   *
   * @throws CompilerBug if no text says this, as with batches of another size
   */
  public static String print(Recipe recipe, Network network) {
    List<Record> lines =
        Stream.concat(
                Stream.<Record>of(
                    NormalizeLine.of(recipe.normalization()),
                    AugmentLine.of(recipe.augmentation()),
                    QuantizeLine.of(recipe.quantization())),
                recipe.steps().stream().map(StepForms::line).map(Record.class::cast))
            .toList();
    String text = RecipePrinter.print(lines, RecipeText::name);
    if (!parse("printed recipe", text, network, recipe).equals(recipe)) {
      throw new CompilerBug("no text form of " + recipe);
    }
    return text;
  }

  private static String name(Record line) {
    return LINES.entrySet().stream()
        .filter(entry -> entry.getValue() == line.getClass())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new CompilerBug("no name of " + line));
  }

  private static boolean apply(SettingLine setting, RecipeDraft draft) {
    setting.apply(draft);
    return true;
  }

  private static void requireOrder(StepLine step, boolean restricts, Location location) {
    if (restricts && (step instanceof FoldLine || step instanceof EqualizeLine)) {
      throw new DiagnosticException(
          location,
          "weights are restricted already, and this would give them other values",
          "put it in front of all steps that prune, cluster, factorize or round");
    }
  }

  private static <T> T located(Location location, Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new DiagnosticException(location, "not valid: " + e.getMessage(), "");
    }
  }

  /** The table of lines for the documentation; ends with a line break. */
  public static String markdown() {
    StringBuilder table = new StringBuilder("| line | attributes |\n| --- | --- |\n");
    LINES.forEach(
        (name, line) ->
            table
                .append("| `")
                .append(name)
                .append("` | ")
                .append(
                    Arrays.stream(line.getRecordComponents())
                        .map(RecipeText::attribute)
                        .collect(Collectors.joining(", ")))
                .append(" |\n"));
    return table.toString();
  }

  /** {@code density}, or {@code [rate]} if it may be left out. */
  private static String attribute(RecordComponent component) {
    return component.getType() == Optional.class
        ? "[" + component.getName() + "]"
        : component.getName();
  }
}
