// SPDX-License-Identifier: Apache-2.0
package dev.etch.text;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.hardware.Stream;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Prints attribute values: what has a {@link LiteralCodec}, streams, lists, words and records. */
final class RecordPrinter {
  private RecordPrinter() {}

  /** {@code {a = 1, b = [2, 3]}}; a component that is an empty Optional is left out. */
  static String attributes(Record record) {
    return Arrays.stream(record.getClass().getRecordComponents())
        .filter(component -> !Optional.empty().equals(read(component, record)))
        .map(component -> component.getName() + " = " + print(read(component, record)))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /** One value. */
  static String print(Object value) {
    Optional<LiteralCodec<?>> codec = LiteralCodec.of(value.getClass());
    if (codec.isPresent()) {
      return codec.get().printAny(value);
    }
    if (value instanceof Optional<?> present) {
      return print(present.orElseThrow());
    }
    if (value instanceof Stream stream) {
      return Quoting.value(stream.name());
    }
    if (value instanceof List<?> list) {
      return list.stream().map(RecordPrinter::print).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Enum<?> word) {
      return word.name();
    }
    if (value instanceof Record record) {
      return record.getClass().getSimpleName() + attributes(record);
    }
    throw new CompilerBug("no text form for " + value.getClass().getSimpleName());
  }

  private static Object read(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new CompilerBug("cannot read " + component.getName(), e);
    }
  }
}
