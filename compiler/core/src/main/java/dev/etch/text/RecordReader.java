// SPDX-License-Identifier: Apache-2.0
package dev.etch.text;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.hardware.Stream;
import dev.etch.text.antlr.EtchParser.AttributesContext;
import dev.etch.text.antlr.EtchParser.FieldContext;
import dev.etch.text.antlr.EtchParser.ListLiteralContext;
import dev.etch.text.antlr.EtchParser.LiteralContext;
import dev.etch.text.antlr.EtchParser.RecordLiteralContext;
import dev.etch.text.antlr.EtchParser.ReferenceLiteralContext;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.Token;

/** Reads attribute values into records by their components; every error has a line and column. */
final class RecordReader {
  private final SourceText source;
  private final Map<String, Stream> streams;

  /** Reads values of {@code source} that may refer to {@code streams} by name. */
  RecordReader(SourceText source, Map<String, Stream> streams) {
    this.source = source;
    this.streams = streams;
  }

  /** The record of {@code type} with the given attributes; {@code at} locates what is missing. */
  <T> T record(Class<T> type, AttributesContext attributes, Token at) {
    Map<String, FieldContext> fields = fields(attributes);
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = component(components[i], fields.remove(components[i].getName()), at);
    }
    for (FieldContext unknown : fields.values()) {
      throw source.error(
          unknown.getStart(),
          "no attribute named " + unknown.name.getText(),
          Arrays.stream(components)
              .map(RecordComponent::getName)
              .collect(Collectors.joining(", ", "one of: ", "")));
    }
    return construct(type, values, at);
  }

  /** The permitted record of a sealed type that has the given simple name. */
  static Optional<Class<?>> permitted(Class<?> sealed, String simpleName) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .filter(c -> c.getSimpleName().equals(simpleName))
        .findFirst();
  }

  private Map<String, FieldContext> fields(AttributesContext attributes) {
    Map<String, FieldContext> fields = new LinkedHashMap<>();
    if (attributes != null) {
      for (FieldContext field : attributes.field()) {
        if (fields.put(field.name.getText(), field) != null) {
          throw source.error(field.getStart(), "attribute given twice", "");
        }
      }
    }
    return fields;
  }

  private Object component(RecordComponent component, FieldContext field, Token at) {
    boolean optional = component.getType() == Optional.class;
    if (field == null) {
      if (optional) {
        return Optional.empty();
      }
      throw source.error(at, "attribute " + component.getName() + " is missing", "");
    }
    Type type = component.getGenericType();
    return optional
        ? Optional.of(value(field.literal(), argument(type)))
        : value(field.literal(), type);
  }

  private Object value(LiteralContext literal, Type type) {
    Class<?> raw = (Class<?>) (type instanceof ParameterizedType p ? p.getRawType() : type);
    try {
      Optional<LiteralCodec<?>> codec = LiteralCodec.of(raw);
      if (codec.isPresent()) {
        return raw.isPrimitive()
            ? codec.get().read().apply(literal)
            : raw.cast(codec.get().read().apply(literal));
      }
      if (raw == List.class) {
        return list(literal, argument(type));
      }
      if (raw == Stream.class) {
        return stream(literal);
      }
      return raw.isEnum() ? word(literal, raw) : nested(literal, raw);
    } catch (DiagnosticException e) {
      throw e;
    } catch (IllegalArgumentException | ClassCastException e) {
      throw source.error(literal.getStart(), message(e, raw), "");
    }
  }

  private static String message(RuntimeException e, Class<?> wanted) {
    String message = e.getMessage() == null ? "" : ": " + e.getMessage();
    return "not a valid " + wanted.getSimpleName() + message;
  }

  private List<Object> list(LiteralContext literal, Type element) {
    if (literal instanceof ListLiteralContext list) {
      return list.literal().stream().map(item -> value(item, element)).toList();
    }
    throw new IllegalArgumentException("a list in brackets expected");
  }

  private Stream stream(LiteralContext literal) {
    if (literal instanceof ReferenceLiteralContext reference) {
      Stream stream = streams.get(Quoting.unvalue(reference.VALUE().getText()));
      if (stream != null) {
        return stream;
      }
    }
    throw new IllegalArgumentException("no stream " + literal.getText());
  }

  private static Object word(LiteralContext literal, Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> ((Enum<?>) constant).name().equals(literal.getText()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "one of " + Arrays.toString(type.getEnumConstants()) + " expected"));
  }

  private Object nested(LiteralContext literal, Class<?> type) {
    if (!(literal instanceof RecordLiteralContext nested)) {
      throw new IllegalArgumentException("a record expected: Name{...}");
    }
    String name = nested.WORD().getText();
    Class<?> chosen = type;
    if (type.isSealed()) {
      chosen =
          permitted(type, name)
              .orElseThrow(() -> new IllegalArgumentException("unknown kind " + name));
    } else if (!type.getSimpleName().equals(name)) {
      throw new IllegalArgumentException(type.getSimpleName() + " expected");
    }
    return record(chosen, nested.attributes(), nested.getStart());
  }

  private static Type argument(Type type) {
    return ((ParameterizedType) type).getActualTypeArguments()[0];
  }

  private <T> T construct(Class<T> type, Object[] values, Token at) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<T> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException invalid) {
        throw source.error(at, String.valueOf(invalid.getMessage()), "");
      }
      throw new CompilerBug("cannot make a " + type.getSimpleName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new CompilerBug("cannot make a " + type.getSimpleName(), e);
    }
  }
}
