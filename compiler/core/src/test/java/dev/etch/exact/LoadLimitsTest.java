// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.requantizer.ScaleEnvelope;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadLimitsTest {
  private static final Node NODE = node();
  private static final Interval REACHED = new Interval(-1000, 2000);
  private static final ScaleEnvelope OWN = new ScaleEnvelope(30, 13, 12, -128, 127);

  private static Node node() {
    GraphBuilder builder = new GraphBuilder("limits");
    Value input = builder.input("sum", new TensorType(IntegerType.INT32, Shape.of(1, 3)));
    Requantize operator =
        new Requantize(List.of(new ScaleThenRound(0.01f, 0, -128, 127)), 1, IntegerType.INT8);
    builder.output(builder.add("scores", operator, Location.option("test"), input));
    return builder.build().nodes().get(0);
  }

  private static LoadLimits limits() {
    Headroom headroom = new Headroom(0.2);
    assertEquals(new Interval(-1200, 2400), headroom.accumulators(NODE, REACHED));
    headroom.requantizer(NODE, OWN);
    return headroom.limits();
  }

  private static String refused(ScaleEnvelope own) {
    LoadLimits limits = limits();
    return assertThrows(DiagnosticException.class, () -> limits.requantizer(NODE, own))
        .getMessage();
  }

  @Test
  void weightsMayReachTheHeadroomAndNoFurther() {
    Interval most = new Interval(-1200, 2400);
    assertEquals(most, limits().accumulators(NODE, most));
    LoadLimits limits = limits();
    DiagnosticException refused =
        assertThrows(
            DiagnosticException.class, () -> limits.accumulators(NODE, new Interval(-1200, 2640)));
    assertTrue(refused.getMessage().contains("10.0 % too far"), refused.getMessage());
  }

  @Test
  void scalesMayBeAQuarterOrFourTimesAsLarge() {
    ScaleEnvelope limit = limits().requantizer(NODE, OWN);
    assertEquals(32, limit.shift());
    assertEquals(limit, limits().requantizer(NODE, new ScaleEnvelope(32, 13, 12, -128, 127)));
    assertEquals(limit, limits().requantizer(NODE, new ScaleEnvelope(28, 13, 12, -128, 127)));
    assertTrue(refused(new ScaleEnvelope(34, 13, 12, -128, 127)).contains("2^2 times too small"));
    assertTrue(refused(new ScaleEnvelope(24, 13, 12, -128, 127)).contains("times too large"));
  }

  @Test
  void biasesAndClampsAreLimited() {
    assertTrue(refused(new ScaleEnvelope(30, 13, 14, -128, 127)).contains("14 bits, not 13"));
    assertTrue(refused(new ScaleEnvelope(30, 13, 12, 0, 127)).contains("limited to 0 to 127"));
  }

  @Test
  void aNetworkWithMoreLayersIsAnother() {
    LoadLimits limits = limits();
    limits.accumulators(NODE, REACHED);
    assertTrue(
        assertThrows(DiagnosticException.class, () -> limits.accumulators(NODE, REACHED))
            .getMessage()
            .contains("fewer layers"));
  }
}
