// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates;

import dev.etch.diagnostic.CompilerBug;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Properties;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import org.apache.velocity.exception.VelocityException;

/** Renders templates of this package's resources in Velocity's strict mode. */
public final class Templates {
  private static final String ROOT = "dev/etch/templates/";
  private static final VelocityEngine ENGINE = engine();

  private Templates() {}

  private static VelocityEngine engine() {
    Properties properties = new Properties();
    properties.setProperty("resource.loaders", "class");
    properties.setProperty(
        "resource.loader.class.class",
        "org.apache.velocity.runtime.resource.loader.ClasspathResourceLoader");
    properties.setProperty("resource.loader.class.cache", "true");
    properties.setProperty("resource.default_encoding", "UTF-8");
    properties.setProperty("runtime.strict_mode.enable", "true");
    properties.setProperty("runtime.strict_mode.escape", "true");
    properties.setProperty("velocimacro.arguments.strict", "true");
    properties.setProperty("velocimacro.inline.local_scope", "true");
    properties.setProperty("parser.space_gobbling", "lines");
    VelocityEngine engine = new VelocityEngine(properties);
    engine.init();
    return engine;
  }

  /**
   * Renders one template.
   *
   * @param path below this package's resources, {@code report/report.html.vm}
   * @param variables a record; the template sees each component under its name
   * @throws CompilerBug if the template does not fit the record, or if the record carries a plain
   *     String or another type that could smuggle an unescaped name into the text
   */
  public static String render(String path, Record variables) {
    VelocityContext context = new VelocityContext();
    for (RecordComponent component : variables.getClass().getRecordComponents()) {
      context.put(component.getName(), checked(component.getName(), read(variables, component)));
    }
    StringWriter out = new StringWriter();
    try {
      ENGINE.getTemplate(ROOT + path).merge(context, out);
    } catch (VelocityException e) {
      throw new CompilerBug("template " + path + ": " + e.getMessage());
    }
    return out.toString();
  }

  private static Object checked(String name, Object value) {
    if (value instanceof SafeText
        || value instanceof Integer
        || value instanceof Long
        || value instanceof Boolean
        || value instanceof Enum<?>) {
      return value;
    }
    if (value instanceof List<?> list) {
      list.forEach(element -> checked(name, element));
      return value;
    }
    if (value instanceof Record record) {
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        checked(name + "." + component.getName(), read(record, component));
      }
      return value;
    }
    throw new CompilerBug("template variable " + name + " is not escaped: " + value);
  }

  private static Object read(Record variables, RecordComponent component) {
    try {
      return component.getAccessor().invoke(variables);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new CompilerBug("template variable " + component.getName() + ": " + e);
    }
  }
}
