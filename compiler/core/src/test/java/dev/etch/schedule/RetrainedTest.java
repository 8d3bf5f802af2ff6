// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.Target;
import dev.etch.lower.Folding;
import dev.etch.lower.ProductForm;
import dev.etch.optimize.StandardPasses;
import dev.etch.text.GraphParser;
import dev.etch.text.GraphPrinter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetrainedTest {
  private static final String COMPILED =
      """
      graph "dense"
      input %x : int8[1, 4]
      %w = constant() {weights = DenseWeights{tensor = int8[2, 4] [1, 2, 3, 4, -1, -2, 0, 5]}} : int8[2, 4]
      %sum = integerDense(%x, %w) {inputZeroPoint = 0} : int32[1, 2] named "fc"
      %y = requantize(%sum) {channels = [ScaleThenRound{scale = 0.02, zeroPoint = 0, low = -128, high = 127}], channelAxis = 1, output = int8} : int8[1, 2]
      output %y
      """;

  private static final Mapping LOADED =
      Mapping.of(Target.GENERIC, Optional.of(new Budget.Multipliers(1)))
          .withReload(new Reload(0.2));

  private static PartitionedModel model(String text) {
    return StandardPasses.prepare(GraphParser.parse("m.etch", text), new DiagnosticCollector());
  }

  private static String refused(String other) {
    return assertThrows(
            DiagnosticException.class, () -> Retrained.of(model(COMPILED), model(other)))
        .getMessage();
  }

  @Test
  void numbersAreTheOthersAndNamesAreNot() {
    String numbers = COMPILED.replace("1, 2, 3, 4", "4, 0, 0, 1").replace("0.02", "0.03");
    String other = numbers.replace("%w", "%v").replace("%sum", "%s").replace("\"fc\"", "\"d\"");
    assertEquals(
        GraphPrinter.print(model(numbers).accelerator()),
        GraphPrinter.print(Retrained.of(model(COMPILED), model(other)).accelerator()));
  }

  @Test
  void anotherLayerIsRefused() {
    String larger =
        COMPILED
            .replace("[2, 4] [1, 2,", "[3, 4] [9, 9, 9, 9, 1, 2,")
            .replace("int8[2, 4]\n", "int8[3, 4]\n")
            .replace("[1, 2]", "[1, 3]");
    assertTrue(refused(larger).contains("is where the network that was compiled has the"), larger);
  }

  @Test
  void moreLayersAreRefused() {
    String more =
        COMPILED.replace(
            "output %y",
            "%z = argMax(%y) {axis = 1, keepDimensions = true, selectLast = false} : int64[1, 1]\noutput %z");
    assertTrue(refused(more).contains("operators, that of the network that was compiled"), more);
  }

  @Test
  void anotherInputIsRefused() {
    String other = COMPILED.replace("%x : int8", "%x : uint8");
    assertTrue(refused(other).contains("is where the network that was compiled has %x"), other);
  }

  @Test
  void aDesignNeedsWeightsToLoadThem() {
    String pool =
        """
        graph "pool"
        input %x : int8[1, 1, 4, 4]
        %y = maxPool2d(%x) {window = Window{kernelHeight = 2, kernelWidth = 2, strideHeight = 2, strideWidth = 2, dilationHeight = 1, dilationWidth = 1, padTop = 0, padLeft = 0, padBottom = 0, padRight = 0}, layout = NCHW} : int8[1, 1, 2, 2]
        output %y
        """;
    DiagnosticException e = assertThrows(DiagnosticException.class, () -> schedule(pool, LOADED));
    assertTrue(e.getMessage().contains("no layer of the accelerator has weights"), pool);
  }

  @Test
  void scalesMayBeTooSmall() {
    for (String scale : List.of("3.0E-12", "1.0E-12", "1.0E-30")) {
      String small = COMPILED.replace("scale = 0.02", "scale = " + scale);
      DiagnosticException e =
          assertThrows(DiagnosticException.class, () -> schedule(small, LOADED));
      assertTrue(
          e.getMessage().contains("be loaded") || e.getMessage().contains("loaded weights need"),
          e.getMessage());
    }
  }

  /** Adders are made for weights that are known. */
  @Test
  void weightsThatAreLoadedNeedMultipliers() {
    Mapping found = schedule(COMPILED, LOADED).mapping();
    Folding fc = found.layers().get("fc");
    Folding adders =
        new Folding(
            fc.layout(),
            fc.words(),
            fc.steps(),
            fc.buffering(),
            ProductForm.ADDERS,
            fc.rescaling());
    DiagnosticException e =
        assertThrows(
            DiagnosticException.class,
            () -> schedule(COMPILED, found.withLayers(Map.of("fc", adders))));
    assertTrue(e.getMessage().contains("need multipliers"), e.getMessage());
  }

  private static ScheduledDesign schedule(String text, Mapping mapping) {
    return Scheduler.schedule(model(text), mapping, new DiagnosticCollector());
  }
}
