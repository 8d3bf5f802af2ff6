// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.network.Network;
import dev.etch.compress.prune.Mask;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Restrictions;
import dev.etch.diagnostic.CompilerBug;
import dev.etch.op.BatchNormalization;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.FloatTensor;
import dev.etch.text.GraphParser;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes part of weights and biases. */
class FoldTest {
  private static final Network NETWORK =
      new Network(
          GraphParser.parse(
              "test.etch",
              """
              graph "normalized"
              input %x : float32[1, 2]
              %w = constant() {weights = DenseWeights{tensor = float32[2, 2] [1.0, -2.0, 0.5, 3.0]}} : float32[2, 2]
              %d = dense(%x, %w) : float32[1, 2]
              %s = constant() {weights = DenseWeights{tensor = float32[2] [1.5, 0.5]}} : float32[2]
              %o = constant() {weights = DenseWeights{tensor = float32[2] [0.1, 0.2]}} : float32[2]
              %m = constant() {weights = DenseWeights{tensor = float32[2] [0.5, -0.5]}} : float32[2]
              %v = constant() {weights = DenseWeights{tensor = float32[2] [1.0, 2.0]}} : float32[2]
              %n = batchNormalization(%d, %s, %o, %m, %v) {epsilon = 0.001, channelAxis = 1} : float32[1, 2]
              output %n
              """));

  @Test
  void normalizationVanishesAndScoresStay() {
    Network folded = new Fold().apply(Model.of(NETWORK), null, 1).network();
    assertTrue(folded.nodes().stream().noneMatch(node -> node.op() instanceof BatchNormalization));
    assertEquals(3, folded.graph().nodes().size());
    assertTrue(folded.layers().get(0).bias().isPresent());
    FloatTensor input = new FloatTensor(NETWORK.input().type(), new float[] {0.7f, -1.3f});
    assertArrayEquals(scores(NETWORK, input), scores(folded, input), 1e-5f);
  }

  private static float[] scores(Network network, FloatTensor input) {
    return ((FloatTensor) new Interpreter(network.graph()).run(List.of(input)).get(0)).data();
  }

  @Test
  void restrictedWeightsAreNotFolded() {
    Model masked = Model.of(NETWORK).restricted(Restrictions.NONE.with("w", Mask.all(4)));
    assertThrows(CompilerBug.class, () -> new Fold().apply(masked, null, 1));
  }
}
