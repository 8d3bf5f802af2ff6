// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.etch.compress.network.Architecture;
import dev.etch.compress.network.Network;
import dev.etch.compress.network.Parameters;
import dev.etch.compress.network.RandomNetwork;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is left computes exactly what the network does with zeros in place of what went. */
class ChannelRemovalTest {
  /** Constants along whose first axis are the channels of a layer. */
  private static final Map<String, List<String>> GIVING =
      Map.of("w1", List.of("w1", "b1", "s", "o", "w2", "b2", "w3"), "w4", List.of("w4", "b4"));

  @Test
  void removedChannelsAreThoseOfZeros() {
    for (int seed = 0; seed < 10; seed++) {
      Network network = RandomNetwork.residual(seed);
      ChannelRemoval removal = ChannelRemoval.smallest(network, Densities.of(0.5));
      Network masked = network.with(zeroed(network, removal));
      FloatTensor input = RandomNetwork.input(network, seed);
      float[] expected = RandomNetwork.output(masked, input);
      assertArrayEquals(expected, RandomNetwork.output(removal.network(), input));
      assertFalse(Arrays.equals(expected, RandomNetwork.output(network, input)));
    }
  }

  private static Parameters zeroed(Network network, ChannelRemoval removal) {
    Map<String, float[]> arrays = new HashMap<>(network.parameters().copy().arrays());
    GIVING.forEach(
        (layer, names) -> {
          int inputs = network.layer(layer).size() / network.layer(layer).shape().dimension(0);
          boolean[] kept = new boolean[network.layer(layer).shape().dimension(0)];
          for (int number : removal.kept().get(layer)) {
            kept[number / inputs] = true;
          }
          for (String name : names) {
            float[] array = arrays.get(name);
            for (int i = 0; i < array.length; i++) {
              array[i] = kept[i / (array.length / kept.length)] ? array[i] : 0;
            }
          }
        });
    return new Parameters(arrays);
  }

  /**
   * Three of six channels are left in all layers that the addition joins, and half of the dense.
   */
  @Test
  void additionsJoinLayers() {
    Network left = ChannelRemoval.smallest(RandomNetwork.residual(1), Densities.of(0.5)).network();
    assertEquals(Shape.of(3, 2, 3, 3), left.layer("w1").shape());
    assertEquals(Shape.of(3, 1, 3, 3), left.layer("w2").shape());
    assertEquals(Shape.of(3, 3, 1, 1), left.layer("w3").shape());
    assertEquals(Shape.of(4, 27), left.layer("w4").shape());
    assertEquals(Shape.of(3, 4), left.layer("w5").shape());
  }

  @Test
  void layersHaveDensitiesOfTheirOwn() {
    Network network = Architecture.LENET_5.build(Shape.of(1, 28, 28), 10, 1);
    Network left =
        ChannelRemoval.smallest(network, new Densities(1, Map.of("conv2", 0.2, "ip1", 0.1)))
            .network();
    assertEquals(Shape.of(20, 1, 5, 5), left.layer("conv1.weight").shape());
    assertEquals(Shape.of(10, 20, 5, 5), left.layer("conv2.weight").shape());
    assertEquals(Shape.of(50, 160), left.layer("ip1.weight").shape());
    assertEquals(Shape.of(10, 50), left.layer("ip2.weight").shape());
  }
}
