// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.network.Network;
import dev.etch.compress.network.RandomNetwork;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.compress.training.Model;
import dev.etch.compress.training.Restrictions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each layer is pruned alone. */
class SensitivityTest {
  private static final Network NETWORK = RandomNetwork.residual(5);

  private static int zeros(Network network, String name) {
    int zeros = 0;
    for (float weight : network.parameters().get(name)) {
      zeros += weight == 0 ? 1 : 0;
    }
    return zeros;
  }

  @Test
  void onlyOneLayerIsPruned() {
    List<Model> seen = new ArrayList<>();
    List<Double> densities = List.of(0.5, 0.25);
    List<Sensitivity> scan =
        Sensitivity.scan(
            Model.of(NETWORK),
            densities,
            model -> {
              seen.add(model);
              return 0.5;
            });
    assertEquals(2 * NETWORK.layers().size(), scan.size());
    for (int i = 0; i < scan.size(); i++) {
      for (WeightedLayer layer : NETWORK.layers()) {
        boolean isPruned = layer.name().equals(scan.get(i).layer());
        double kept = isPruned ? densities.get(i % 2) : 1;
        int zeros = zeros(seen.get(i).network(), layer.weights());
        assertEquals(layer.size() - Math.round(kept * layer.size()), zeros);
      }
    }
  }

  @Test
  void earlierMasksHold() {
    boolean[] kept = Mask.all(24).kept();
    kept[3] = false;
    Model masked = Model.of(NETWORK).restricted(Restrictions.NONE.with("w5", new Mask(kept)));
    Sensitivity.scan(
        masked,
        List.of(0.5),
        model -> {
          assertEquals(0, model.network().parameters().get("w5")[3]);
          return 1;
        });
    assertArrayEquals(kept, masked.restrictions().find("w5", Mask.class).orElseThrow().kept());
  }

  @Test
  void leastDensitiesLoseLittle() {
    List<Sensitivity> scan =
        List.of(
            new Sensitivity("a", 0.5, 0.9),
            new Sensitivity("a", 0.2, 0.89),
            new Sensitivity("a", 0.1, 0.5),
            new Sensitivity("b", 0.5, 0.3));
    Densities densities = Sensitivity.least(scan, 0.9, 0.02);
    assertEquals(Map.of("a", 0.2, "b", 1.0), densities.byLayer());
    assertTrue(densities.others() == 1);
  }
}
