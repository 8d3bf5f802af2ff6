// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class CurveChartTest {
  private static BudgetCurve curve(String model) {
    return new BudgetCurve(
        model,
        List.of(
            new BudgetCurve.Point(8, 1010, 1000),
            new BudgetCurve.Point(80, 120, 100),
            new BudgetCurve.Point(800, 10, 10)));
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Both axes are logarithmic: tenfold budgets are equally far apart, and so are tenfold cycles.
   */
  @Test
  void axesAreLogarithmic() throws Exception {
    NodeList marks = parse(CurveChart.svg(List.of(curve("a")))).getElementsByTagName("circle");
    assertEquals(3, marks.getLength());
    int[] x = new int[3];
    for (int i = 0; i < 3; i++) {
      x[i] = Integer.parseInt(((Element) marks.item(i)).getAttribute("cx"));
    }
    assertEquals(x[1] - x[0], x[2] - x[1], 1);
    assertTrue(x[1] > x[0]);
    NodeList lines = parse(CurveChart.svg(List.of(curve("a")))).getElementsByTagName("polyline");
    String[] bound = ((Element) lines.item(0)).getAttribute("points").split("[ ,]");
    int first = Integer.parseInt(bound[3]) - Integer.parseInt(bound[1]);
    assertEquals(first, Integer.parseInt(bound[5]) - Integer.parseInt(bound[3]), 1);
    assertTrue(first > 0, "fewer cycles are lower");
  }

  @Test
  void everyPointSaysItsRatio() {
    String svg = CurveChart.svg(List.of(curve("a")));
    assertTrue(svg.contains("a, 80 multipliers: 120 cycles, 1.20 times the bound"), svg);
  }

  @Test
  void namesAreEscapedAndLabelsDoNotCoverEachOther() throws Exception {
    String svg = CurveChart.svg(List.of(curve("<script>"), curve("b")));
    assertFalse(svg.contains("<script>"));
    NodeList texts = parse(svg).getElementsByTagName("text");
    Element last = (Element) texts.item(texts.getLength() - 1);
    assertEquals("b", last.getTextContent());
    assertFalse(svg.split("y=\"" + last.getAttribute("y") + "\"").length > 2, "two labels there");
  }

  @Test
  void onePointIsACurve() throws Exception {
    BudgetCurve one = new BudgetCurve("m", List.of(new BudgetCurve.Point(4, 1, 1)));
    assertEquals(1, parse(CurveChart.svg(List.of(one))).getElementsByTagName("circle").getLength());
  }
}
