// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.diagnostic.Printable;
import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.format.AttributeProto;
import dev.etch.importer.onnx.format.AttributeProto.AttributeType;
import dev.etch.importer.onnx.format.NodeProto;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Typed access to the attributes of a node; a wrong type is a {@link Refusal}. */
public final class Attributes {
  private final Map<String, AttributeProto> attributes = new LinkedHashMap<>();

  /**
   * The attributes of {@code node}.
   *
   * @throws Refusal if one is given twice
   */
  public Attributes(NodeProto node) {
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attributes.put(attribute.getName(), attribute) != null) {
        throw new Refusal(
            "attribute '" + Printable.of(attribute.getName()) + "' is given twice", "");
      }
    }
  }

  /**
   * Checks that there are no others than these: an unknown attribute may change the meaning.
   *
   * @throws Refusal that names the unknown ones
   */
  void checkKnown(List<String> known) {
    List<String> unknown =
        attributes.keySet().stream()
            .filter(a -> !known.contains(a))
            .map(a -> "'" + Printable.of(a) + "'")
            .toList();
    if (!unknown.isEmpty()) {
      throw new Refusal(
          "unknown attribute " + String.join(", ", unknown),
          known.isEmpty()
              ? "this operator has no attributes"
              : "known are " + String.join(", ", known));
    }
  }

  /** Whether the attribute is given. */
  public boolean has(String name) {
    return attributes.containsKey(name);
  }

  /** Names in the order of the file. */
  public List<String> names() {
    return List.copyOf(attributes.keySet());
  }

  /** An integer that fits 32 bits, or {@code otherwise}. */
  public int integer(String name, int otherwise) {
    return find(name, AttributeType.INT).map(a -> exact(name, a.getI())).orElse(otherwise);
  }

  /** An integer of 64 bits, if given. */
  public Optional<Long> longInteger(String name) {
    return find(name, AttributeType.INT).map(AttributeProto::getI);
  }

  /**
   * A flag, 0 or 1.
   *
   * @throws Refusal for any other value
   */
  public boolean flag(String name, boolean otherwise) {
    int value = integer(name, otherwise ? 1 : 0);
    if (value != 0 && value != 1) {
      throw new Refusal("attribute '" + name + "' is " + value, "0 or 1 wanted");
    }
    return value == 1;
  }

  /** A float, or {@code otherwise}. */
  public float number(String name, float otherwise) {
    return find(name, AttributeType.FLOAT).map(AttributeProto::getF).orElse(otherwise);
  }

  /**
   * A finite float, or {@code otherwise}.
   *
   * @throws Refusal if it is infinite or no number
   */
  public float finite(String name, float otherwise) {
    float value = number(name, otherwise);
    if (!Float.isFinite(value)) {
      throw new Refusal("attribute '" + name + "' is " + value, "a finite number is wanted");
    }
    return value;
  }

  /** Floats, if given. */
  public Optional<List<Float>> numbers(String name) {
    return find(name, AttributeType.FLOATS).map(AttributeProto::getFloatsList);
  }

  /** A string, or {@code otherwise}. */
  public String text(String name, String otherwise) {
    return find(name, AttributeType.STRING).map(a -> a.getS().toStringUtf8()).orElse(otherwise);
  }

  /** 64-bit integers, if given. */
  public Optional<List<Long>> longs(String name) {
    return find(name, AttributeType.INTS).map(AttributeProto::getIntsList);
  }

  /** Integers that fit 32 bits, if given. */
  public Optional<List<Integer>> integers(String name) {
    return longs(name).map(list -> list.stream().map(v -> exact(name, v)).toList());
  }

  /** The attribute as it is, if given and of this type. */
  public Optional<AttributeProto> find(String name, AttributeType type) {
    AttributeProto attribute = attributes.get(name);
    if (attribute == null) {
      return Optional.empty();
    }
    if (!attribute.getRefAttrName().isEmpty()) {
      throw new Refusal(
          "attribute '" + name + "' refers to a function's attribute",
          "inline the model's functions before the export");
    }
    if (attribute.getType() != type) {
      throw new Refusal(
          "attribute '" + name + "' has type " + attribute.getType() + ", not " + type, "");
    }
    return Optional.of(attribute);
  }

  private static int exact(String name, long value) {
    if (value != (int) value) {
      throw new Refusal("attribute '" + name + "' is out of range: " + value, "");
    }
    return (int) value;
  }
}
