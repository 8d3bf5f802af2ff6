// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.CompilerBug;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A table names every operator once, by itself or by its kind. */
class OperatorTableTest {
  private static OperatorTable.Builder<String> layer() {
    return OperatorTable.<String>of("a layer");
  }

  @Test
  void everyOperatorIsOfOneKind() {
    List<Class<? extends Op>> all = Operators.all();
    assertEquals(all.size(), new HashSet<>(all).size());
    assertTrue(all.stream().allMatch(Class::isRecord));
  }

  @Test
  void anOperatorThatIsLeftOutIsNamed() {
    OperatorTable.Builder<String> table =
        layer().with("sums", AccumulatingOp.class).without("floats", FloatOp.class);
    table.without("moves", AnyElementOp.class).without("converts", ConversionOp.class);
    table.with("exponents", IntegerSoftmaxOp.class).with("tables", Lookup.class);
    String message = assertThrows(CompilerBug.class, table::build).getMessage();
    assertEquals(
        "bug in Etch: a layer: nothing is said of IntegerLstm, IntegerMultiply, QuantizedAdd, Requantize",
        message);
  }

  @Test
  void anOperatorIsNamedOnce() {
    OperatorTable.Builder<String> table = layer().without("floats", FloatOp.class);
    String message =
        assertThrows(CompilerBug.class, () -> table.with("a layer", Conv2d.class)).getMessage();
    assertEquals("bug in Etch: a layer: Conv2d is named twice", message);
  }

  @Test
  void entriesAndReasonsAreFoundByOperator() {
    OperatorTable<String> table =
        layer()
            .with("a function", FunctionOp.class)
            .with("no function", Add.class)
            .without("no floats", AnyElementOp.class, ConversionOp.class, IntegerOp.class)
            .without("others", others())
            .build();
    assertEquals(Optional.of("a function"), table.find(new Sigmoid()));
    assertEquals("no function", table.get(new Add()));
    assertEquals(Optional.empty(), table.find(new IntegerDense(0)));
    assertEquals("no floats", table.reasons().get(IntegerDense.class));
    assertEquals(
        "bug in Etch: a layer: no entry for IntegerDense: no floats",
        assertThrows(CompilerBug.class, () -> table.get(new IntegerDense(0))).getMessage());
  }

  /** Floats but functions and Add. */
  @SuppressWarnings("unchecked")
  private static Class<? extends Op>[] others() {
    Set<Class<? extends Op>> others = new HashSet<>(Operators.of(FloatOp.class));
    Operators.of(FunctionOp.class).forEach(others::remove);
    others.remove(Add.class);
    return others.toArray(Class[]::new);
  }
}
