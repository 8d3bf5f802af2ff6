// SPDX-License-Identifier: Apache-2.0
package dev.etch.text;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.hardware.Stream;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;

/** Prints attribute values: what has a {@link LiteralCodec}, streams, lists, words and records. */
final class RecordPrinter {
  /** A record may consist of millions of others, so its accessors are looked up once. */
  private static final ClassValue<List<RecordComponent>> COMPONENTS =
      new ClassValue<>() {
        @Override
        protected List<RecordComponent> computeValue(Class<?> type) {
          List<RecordComponent> components = List.of(type.getRecordComponents());
          // Records of other packages need not be public.
          components.forEach(component -> component.getAccessor().setAccessible(true));
          return components;
        }
      };

  private RecordPrinter() {}

  /** {@code {a = 1, b = [2, 3]}}; a component that is an empty Optional is left out. */
  static String attributes(Record record) {
    StringBuilder text = new StringBuilder();
    appendAttributes(record, text);
    return text.toString();
  }

  /** One value. */
  static String print(Object value) {
    StringBuilder text = new StringBuilder();
    append(value, text);
    return text.toString();
  }

  private static void appendAttributes(Record record, StringBuilder text) {
    text.append('{');
    String separator = "";
    for (RecordComponent component : COMPONENTS.get(record.getClass())) {
      Object value = read(component, record);
      if (!Optional.empty().equals(value)) {
        text.append(separator).append(component.getName()).append(" = ");
        append(value, text);
        separator = ", ";
      }
    }
    text.append('}');
  }

  private static void append(Object value, StringBuilder text) {
    Optional<LiteralCodec<?>> codec = LiteralCodec.of(value.getClass());
    if (codec.isPresent()) {
      text.append(codec.get().printAny(value));
    } else if (value instanceof Optional<?> present) {
      append(present.orElseThrow(), text);
    } else if (value instanceof Stream stream) {
      text.append(Quoting.value(stream.name()));
    } else if (value instanceof List<?> list) {
      appendList(list, text);
    } else if (value instanceof Enum<?> word) {
      text.append(word.name());
    } else if (value instanceof Record record) {
      text.append(record.getClass().getSimpleName());
      appendAttributes(record, text);
    } else {
      throw new CompilerBug("no text form for " + value.getClass().getSimpleName());
    }
  }

  private static void appendList(List<?> list, StringBuilder text) {
    text.append('[');
    String separator = "";
    for (Object entry : list) {
      text.append(separator);
      append(entry, text);
      separator = ", ";
    }
    text.append(']');
  }

  private static Object read(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new CompilerBug("cannot read " + component.getName(), e);
    }
  }
}
