// SPDX-License-Identifier: Apache-2.0
package dev.etch.text;

import dev.etch.hardware.Program;
import dev.etch.tensor.ElementType;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import dev.etch.text.antlr.EtchParser.HexTensorLiteralContext;
import dev.etch.text.antlr.EtchParser.LiteralContext;
import dev.etch.text.antlr.EtchParser.NumbersTensorLiteralContext;
import dev.etch.text.antlr.EtchParser.TextLiteralContext;
import dev.etch.text.antlr.EtchParser.TypeContext;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.antlr.v4.runtime.ParserRuleContext;

/**
 * How values of a class look as text, both ways.
 *
 * @param type the class; subclasses too
 * @param print to text
 * @param read from a parsed literal; throws IllegalArgumentException if it is of another kind
 */
record LiteralCodec<T>(
    Class<T> type, Function<T, String> print, Function<LiteralContext, ? extends T> read) {

  /** Every class with a form of its own; all other values are lists, enums or records. */
  private static final List<LiteralCodec<?>> ALL =
      List.of(
          new LiteralCodec<>(Integer.class, String::valueOf, c -> Integer.valueOf(c.getText())),
          new LiteralCodec<>(Long.class, String::valueOf, c -> Long.valueOf(c.getText())),
          new LiteralCodec<>(Float.class, String::valueOf, c -> Float.valueOf(c.getText())),
          new LiteralCodec<>(Double.class, String::valueOf, c -> Double.valueOf(c.getText())),
          new LiteralCodec<>(Boolean.class, String::valueOf, LiteralCodec::readBoolean),
          new LiteralCodec<>(String.class, Quoting::quote, LiteralCodec::readText),
          new LiteralCodec<>(Tensor.class, TensorText::print, LiteralCodec::readTensor),
          new LiteralCodec<>(
              IntegerType.class, String::valueOf, c -> IntegerType.parse(c.getText())),
          new LiteralCodec<>(
              ElementType.class, String::valueOf, c -> ElementType.parse(c.getText())),
          new LiteralCodec<>(TensorType.class, String::valueOf, c -> readType(only(c))),
          new LiteralCodec<>(
              Program.Lane.class,
              lane -> Quoting.quote(ScheduleText.printLane(lane)),
              c -> ScheduleText.parseLane(readText(c))),
          new LiteralCodec<>(
              Program.Drain.class,
              drain -> Quoting.quote(ScheduleText.printDrain(drain)),
              c -> ScheduleText.parseDrain(readText(c))));

  private static final ClassValue<Optional<LiteralCodec<?>>> BY_CLASS =
      new ClassValue<>() {
        @Override
        protected Optional<LiteralCodec<?>> computeValue(Class<?> wanted) {
          return find(wanted);
        }
      };

  /** The codec of a class, if it has a form of its own. */
  static Optional<LiteralCodec<?>> of(Class<?> wanted) {
    return BY_CLASS.get(wanted);
  }

  private static Optional<LiteralCodec<?>> find(Class<?> wanted) {
    Class<?> boxed = wanted.isPrimitive() ? box(wanted) : wanted;
    return ALL.stream().filter(codec -> codec.type.isAssignableFrom(boxed)).findFirst();
  }

  /** Prints a value of the codec's class. */
  String printAny(Object value) {
    return print.apply(type.cast(value));
  }

  /** {@code int8[2, 3]}. */
  static TensorType readType(TypeContext context) {
    List<Integer> dimensions =
        context.NUMBER().stream().map(n -> Integer.valueOf(n.getText())).toList();
    return new TensorType(
        ElementType.parse(context.element.getText()), new dev.etch.tensor.Shape(dimensions));
  }

  private static TypeContext only(LiteralContext context) {
    return requireKind(context.getRuleContext(TypeContext.class, 0), "a type");
  }

  private static Boolean readBoolean(LiteralContext context) {
    return switch (context.getText()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("true or false expected");
    };
  }

  private static String readText(LiteralContext context) {
    if (context instanceof TextLiteralContext text) {
      return Quoting.unquote(text.STRING().getText());
    }
    throw new IllegalArgumentException("a quoted text expected");
  }

  private static Tensor readTensor(LiteralContext context) {
    if (context instanceof HexTensorLiteralContext hex) {
      String digits = hex.HEX().getText();
      return TensorText.ofHex(readType(hex.type()), digits.substring(2, digits.length() - 1));
    }
    if (context instanceof NumbersTensorLiteralContext numbers) {
      return TensorText.ofNumbers(
          readType(numbers.type()), numbers.NUMBER().stream().map(n -> n.getText()).toList());
    }
    throw new IllegalArgumentException("a tensor expected: type, then numbers or x\"...\"");
  }

  private static <C extends ParserRuleContext> C requireKind(C context, String what) {
    if (context == null) {
      throw new IllegalArgumentException(what + " expected");
    }
    return context;
  }

  private static Class<?> box(Class<?> primitive) {
    return java.lang.invoke.MethodType.methodType(primitive).wrap().returnType();
  }
}
